import assert from "node:assert/strict";
import * as errnos from "../../../kernel/files/errnos.ts";
import { VirtualFileSystem } from "../../../kernel/files/virtual_file_system.ts";
import { temporaryDirectory } from "../../support/mod.ts";

const LIMITS = { bytes: 100_000, open: 4 };
const O_CREAT_WRONLY = 0o100 | 1;

function create(): VirtualFileSystem {
  return new VirtualFileSystem(LIMITS, []);
}

function text(files: VirtualFileSystem, path: string): string {
  return new TextDecoder().decode(files.readFile(path));
}

/** Asserts that an operation fails with that errno. */
function fails(errno: number, operation: () => unknown): void {
  assert.throws(operation, (error: unknown) => (error as { errno?: number }).errno === errno);
}

Deno.test("writeFile() and readFile() keep what was written", () => {
  const files = create();
  files.writeFile("/tmp/a", "one");
  files.writeFile("/tmp/a", "two", { flags: 1 | 0o2000 });
  assert.equal(text(files, "/tmp/a"), "onetwo");
  files.truncate("/tmp/a", 2);
  assert.equal(text(files, "/tmp/a"), "on");
  fails(errnos.ENOENT, () => files.readFile("/tmp/none"));
  fails(errnos.EISDIR, () => files.writeFile("/tmp", "x"));
});

Deno.test("mkdirTree(), rmdir() and rename() change the tree", () => {
  const files = create();
  files.mkdirTree("/a/b/c");
  fails(errnos.ENOTEMPTY, () => files.rmdir("/a/b"));
  fails(errnos.EINVAL, () => files.rename("/a", "/a/b/d"));
  files.rename("/a/b/c", "/d");
  files.rmdir("/a/b");
  assert.deepEqual(files.readdir("/").toSorted(), ["a", "d", "dev", "tmp"]);
});

Deno.test("symlink() makes links that are followed, and circles are found", () => {
  const files = create();
  files.writeFile("/tmp/file", "linked");
  files.symlink("file", "/tmp/link");
  assert.equal(text(files, "/tmp/link"), "linked");
  assert(files.isLink(files.lstat("/tmp/link").mode));
  files.symlink("/tmp/two", "/tmp/one");
  files.symlink("/tmp/one", "/tmp/two");
  fails(errnos.ELOOP, () => files.stat("/tmp/one"));
});

Deno.test("writeFile() fails when the limit is reached, and removed files give it back", () => {
  const files = create();
  files.writeFile("/tmp/a", new Uint8Array(90_000));
  fails(errnos.ENOSPC, () => files.writeFile("/tmp/b", new Uint8Array(20_000)));
  files.unlink("/tmp/a");
  files.unlink("/tmp/b");
  files.writeFile("/tmp/b", new Uint8Array(90_000));
});

Deno.test("open() fails beyond the number of open files", () => {
  const files = create();
  const streams = [1, 2, 3, 4].map((n) => files.open(`/tmp/${n}`, O_CREAT_WRONLY));
  fails(errnos.EMFILE, () => files.open("/tmp/5", O_CREAT_WRONLY));
  files.close(streams[0]!);
  files.close(files.open("/tmp/5", O_CREAT_WRONLY));
  fails(errnos.EBADF, () => files.close(streams[0]!));
});

Deno.test("a removed file can be read while it is open", () => {
  const files = create();
  files.writeFile("/tmp/a", "still");
  const stream = files.open("/tmp/a", 0);
  files.unlink("/tmp/a");
  const bytes = new Uint8Array(5);
  assert.equal(files.read(stream, bytes, 0, 5, 0), 5);
  files.close(stream);
  fails(errnos.ENOENT, () => files.stat("/tmp/a"));
});

Deno.test("a mount shows the host's files and obeys its access", async () => {
  await using host = await temporaryDirectory({ "in.txt": "mounted" });
  const mount = (access: "ro" | "rw") =>
    new VirtualFileSystem(LIMITS, [{ root: host.path, mountPoint: "/data", access }]);
  const readable = mount("ro");
  assert.equal(text(readable, "/data/in.txt"), "mounted");
  assert.deepEqual(readable.readdir("/data"), ["in.txt"]);
  fails(errnos.EACCES, () => readable.writeFile("/data/out.txt", "x"));
  fails(errnos.ENOENT, () => readable.readFile("/data/../etc/passwd"));
  const writable = mount("rw");
  writable.writeFile("/data/out.txt", "out");
  assert.equal(await Deno.readTextFile(`${host.path}/out.txt`), "out");
  fails(errnos.ENOSPC, () => writable.writeFile("/data/big", new Uint8Array(200_000)));
  fails(errnos.EXDEV, () => writable.rename("/data/out.txt", "/tmp/out.txt"));
});

Deno.test("what is removed from a mount gives back as much of the limit as was added", async () => {
  await using host = await temporaryDirectory({ "theirs.txt": "x".repeat(LIMITS.bytes) });
  const files = new VirtualFileSystem(LIMITS, [
    { root: host.path, mountPoint: "/data", access: "rw" },
  ]);
  const free = () => LIMITS.bytes - files.usedBytes;
  const before = free();
  files.writeFile("/data/own.txt", "y".repeat(100));
  assert.equal(free(), before - 100);
  files.writeFile("/data/own.txt", "y".repeat(40));
  assert.equal(free(), before - 40);
  const stream = files.open("/data/own.txt", 0);
  files.unlink("/data/own.txt"); // The open file keeps its bytes.
  files.close(stream);
  assert.equal(free(), before - 40);
  files.unlink("/data/theirs.txt");
  assert.equal(free(), before);
});

Deno.test("a link in a mount that leads out of it is not followed", async () => {
  await using host = await temporaryDirectory();
  await Deno.symlink("/etc/passwd", `${host.path}/link`);
  const files = new VirtualFileSystem(LIMITS, [{
    root: host.path,
    mountPoint: "/data",
    access: "ro",
  }]);
  fails(errnos.EACCES, () => files.stat("/data/link"));
});
