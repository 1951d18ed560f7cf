import assert from "node:assert/strict";
import { constants } from "node:fs";
import { HostFiles } from "../../../kernel/files/host_files.ts";
import { createKernel, temporaryDirectory } from "../../support/mod.ts";

/** The functions as untyped as user code calls them. */
function functionsOf(files: HostFiles): Record<string, (...args: unknown[]) => unknown> {
  return files.functions as unknown as Record<string, (...args: unknown[]) => unknown>;
}

Deno.test("HostFiles reaches files below what was mounted, by path and by the descriptors that it opened", async () => {
  await using directory = await temporaryDirectory({ "in.txt": "inside" });
  const files = new HostFiles();
  files.add({ root: directory.path, access: "rw" });
  const fs = functionsOf(files);
  const fd = fs["openSync"]!(`${directory.path}/in.txt`, constants.O_RDWR);
  const bytes = new Uint8Array(6);
  assert.equal(fs["readSync"]!(fd, bytes, 0, 6, 0), 6);
  assert.equal(new TextDecoder().decode(bytes), "inside");
  assert.equal(fs["writeSync"]!(fd, bytes, 0, 2, 6), 2);
  fs["closeSync"]!(fd);
  assert.throws(() => fs["readSync"]!(fd, bytes, 0, 6, 0), { code: "EBADF" });
  assert.equal(await Deno.readTextFile(`${directory.path}/in.txt`), "insidein");
  fs["renameSync"]!(`${directory.path}/in.txt`, `${directory.path}/..out.txt`);
  assert.deepEqual(fs["readdirSync"]!(directory.path), ["..out.txt"]);
});

for (const fd of [0, 1, 2, 3, "1", [1], { valueOf: () => 1 }, undefined]) {
  Deno.test(`HostFiles refuses the descriptor ${JSON.stringify(fd)}, which it did not open`, () => {
    const fs = functionsOf(new HostFiles());
    for (
      const name of [
        ...["readSync", "writeSync", "closeSync", "fstatSync", "fchmodSync"],
        ...["futimesSync", "ftruncateSync", "fsyncSync"],
      ]
    ) assert.throws(() => fs[name]!(fd, new Uint8Array(1)), { code: "EBADF" }, name);
  });
}

Deno.test("HostFiles refuses paths that lead out of what was mounted", async () => {
  await using directory = await temporaryDirectory();
  const files = new HostFiles();
  files.add({ root: `${directory.path}/`, access: "rw" });
  const fs = functionsOf(files);
  const { path } = directory;
  for (
    const out of [
      ...[
        "/etc/hostname",
        "/",
        "",
        ".",
        `${path}/..`,
        `${path}/../x`,
        `${path}/a/../../x`,
        `${path}x`,
      ],
      ...[`${path}/a\0`, new URL(`file://${path}/a`), [path], undefined],
    ]
  ) {
    for (
      const name of [
        ...["lstatSync", "readdirSync", "readlinkSync", "statfsSync", "readFileSync", "chmodSync"],
        ...["utimesSync", "truncateSync", "mkdirSync", "writeFileSync", "unlinkSync", "rmdirSync"],
        ...["openSync"],
      ]
    ) assert.throws(() => fs[name]!(out, 0, 0), { code: "ENOENT" }, `${name} ${String(out)}`);
    assert.throws(() => fs["renameSync"]!(`${path}/a`, out), { code: "ENOENT" });
    assert.throws(() => fs["renameSync"]!(out, `${path}/a`), { code: "ENOENT" });
    assert.throws(() => fs["symlinkSync"]!("a", out), { code: "ENOENT" });
  }
});

Deno.test("HostFiles changes nothing in a mount that is read-only", async () => {
  await using directory = await temporaryDirectory({ "in.txt": "kept" });
  const files = new HostFiles();
  files.add({ root: directory.path, access: "ro" });
  const fs = functionsOf(files);
  const path = `${directory.path}/in.txt`;
  for (const flags of [constants.O_WRONLY, constants.O_RDWR, constants.O_TRUNC, "w", undefined]) {
    assert.throws(() => fs["openSync"]!(path, flags), { code: "EACCES" });
  }
  for (const name of ["chmodSync", "truncateSync", "mkdirSync", "writeFileSync", "unlinkSync"]) {
    assert.throws(() => fs[name]!(path, 0), { code: "EACCES" }, name);
  }
  fs["closeSync"]!(fs["openSync"]!(path, constants.O_RDONLY));
  assert.equal(await Deno.readTextFile(path), "kept");
});

Deno.test("HostFiles is what the interpreter's file system has of the host", async () => {
  await using directory = await temporaryDirectory({ "in.txt": "mounted" });
  await using fixture = await createKernel({
    mounts: [{ root: directory.path, mountPoint: "/mnt/data", access: "rw" }],
  });
  const { result, error } = await fixture.kernel.execute(`
import js, os, pyodide_js
from pyodide.ffi import to_js
def forged(**properties): return to_js(properties, dict_converter=js.Object.fromEntries)
nodefs = pyodide_js.FS.filesystems.NODEFS
def attempt(call):
    try: call()
    except Exception: return "refused"
    return "done"
file = open("/mnt/data/in.txt")
stream = pyodide_js.FS.streams[file.fileno()]
stream.nfd = 1
with open("/mnt/data/out.txt", "w") as other: other.write("still written")
[
    attempt(lambda: nodefs.stream_ops.write(forged(nfd=1), to_js(b"x"), 0, 1, None)),
    attempt(lambda: nodefs.stream_ops.read(forged(nfd=0), to_js(b"x"), 0, 1, None)),
    attempt(lambda: nodefs.stream_ops.close(forged(nfd=1, shared=forged(refcount=1)))),
    attempt(lambda: file.read()),
    attempt(lambda: os.dup(file.fileno()) and None),
    open("/mnt/data/out.txt").read(),
]`);
  assert.equal(error, null);
  assert.equal(
    result?.data["text/plain"],
    "['refused', 'refused', 'refused', 'refused', 'done', 'still written']",
  );
});
