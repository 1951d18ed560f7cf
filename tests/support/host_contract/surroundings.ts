import assert from "node:assert/strict";
import { temporaryDirectory } from "../mod.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests that a kernel sees nothing of the host, and of other kernels, that it was not granted. */
export function testSurroundings(promises: HostPromises): void {
  const { create, test } = hostTests(promises);

  test("modules of the standard library come compiled, with their sources", async () => {
    await using fixture = await create();
    const { result, error } = await fixture.kernel.execute(`
import inspect, wave
wave.__file__.removeprefix("/lib/"), inspect.getsource(wave.open)[:8]`);
    assert.equal(error, null);
    assert.equal(result?.data["text/plain"], "('python314.zip/wave.pyc', 'def open')");
  });

  test("mounts show host directories, writable ones both ways", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "from the host" });
    await using fixture = await create({
      mounts: [{ root: directory.path, mountPoint: "/mnt/data", access: "rw" }],
    });
    const result = await fixture.kernel.execute(`
import os
os.makedirs("/mnt/data/made/deep")
with open("/mnt/data/made/deep/out.txt", "w") as file: file.write("from Python")
os.rename("/mnt/data/made/deep/out.txt", "/mnt/data/out.txt")
open("/mnt/data/in.txt").read()`);
    assert.equal(result.result?.data["text/plain"], "'from the host'");
    assert.equal(await Deno.readTextFile(`${directory.path}/out.txt`), "from Python");
    assert.deepEqual(fixture.kernel.info.mounts, [
      { root: directory.path, mountPoint: "/mnt/data", access: "rw" },
    ]);
  });

  test("mounts refuse every change with PermissionError when read-only, and the kernel lives", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "kept" });
    await Deno.mkdir(`${directory.path}/kept`);
    await using fixture = await create({
      mounts: [{ root: directory.path, mountPoint: "/mnt/ro", access: "ro" }],
    });
    const result = await fixture.kernel.execute(`
import os
def attempt(change):
    try: change()
    except PermissionError: return "refused"
    return "done"
changes = [
    lambda: open("/mnt/ro/in.txt", "w"),
    lambda: open("/mnt/ro/in.txt", "a"),
    lambda: open("/mnt/ro/in.txt", "r+"),
    lambda: open("/mnt/ro/new.txt", "x"),
    lambda: os.mkdir("/mnt/ro/dir"),
    lambda: os.remove("/mnt/ro/in.txt"),
    lambda: os.rename("/mnt/ro/in.txt", "/mnt/ro/other.txt"),
    lambda: os.truncate("/mnt/ro/in.txt", 0),
    lambda: os.chmod("/mnt/ro/in.txt", 0o777),
    lambda: os.utime("/mnt/ro/in.txt", (0, 0)),
    lambda: os.symlink("/mnt/ro/in.txt", "/mnt/ro/link"),
    lambda: os.rmdir("/mnt/ro/kept"),
]
[attempt(change) for change in changes], open("/mnt/ro/in.txt").read()`);
    assert.equal(
      result.result?.data["text/plain"]?.toString().replaceAll(/\s+/g, " "),
      `([${Array(12).fill("'refused'").join(", ")}], 'kept')`,
      result.error?.evalue,
    );
    assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name).sort(), [
      "in.txt",
      "kept",
    ]);
  });

  test("filesystem mounts a directory in its older form", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "older" });
    await using fixture = await create({ filesystem: { enabled: true, root: directory.path } });
    const result = await fixture.kernel.execute("open('in.txt').read()");
    assert.equal(result.result?.data["text/plain"], "'older'");
  });

  test("env and cwd are Python's", async () => {
    await using directory = await temporaryDirectory();
    await using fixture = await create({
      env: { GREETING: "hello=there" },
      cwd: "/work",
      mounts: [{ root: directory.path, mountPoint: "/work" }],
    });
    const result = await fixture.kernel.execute("import os\nos.environ['GREETING'], os.getcwd()");
    assert.equal(result.result?.data["text/plain"], "('hello=there', '/work')");
  });

  test("createKernel() refuses a cwd that does not exist", async () => {
    await assert.rejects(create({ cwd: "/nowhere" }), {
      code: "start_failed",
      message: /\/nowhere/,
    });
  });

  test("two kernels share neither variables nor random numbers nor a umask", async () => {
    await using one = await create();
    await using other = await create();
    const code =
      "import random, uuid, os\nmask = os.umask(0o077)\nx = 1\n(random.random(), uuid.uuid4().hex, os.urandom(8))";
    const [first, second] = await Promise.all([
      one.kernel.execute(code),
      other.kernel.execute(code),
    ]);
    assert.equal(first.status, "ok");
    assert.notEqual(first.result?.data["text/plain"], second.result?.data["text/plain"]);
    assert.equal((await other.kernel.execute("oct(mask)")).result?.data["text/plain"], "'0o22'");
    await one.kernel.execute("y = 1");
    assert.equal((await other.kernel.execute("y")).error?.ename, "NameError");
  });
}
