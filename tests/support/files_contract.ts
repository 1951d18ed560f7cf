import assert from "node:assert/strict";
import type { KernelMode } from "../../kernel/mod.ts";
import { createKernel, temporaryDirectory } from "./mod.ts";

/** Tests the promises that every host makes about the files of its kernel. */
export function testFilesContract(mode: KernelMode): void {
  const test = (name: string, body: () => Promise<void>) =>
    Deno.test(`${mode}: files ${name}`, body);
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("written are read by Python, and the other way round", async () => {
    await using fixture = await createKernel({ mode });
    const { files } = fixture.kernel;
    const entry = await files.write("data/a.txt", bytes("héllo"));
    assert.equal(entry.path, "/home/pyodide/data/a.txt");
    assert.deepEqual([entry.type, entry.size, entry.writable, entry.created], [
      "file",
      6,
      true,
      true,
    ]);
    assert(Date.now() - Date.parse(entry.modified) < 60_000);
    const { result } = await fixture.kernel.execute(
      "open('data/b.txt', 'w').write('back')\nopen('data/a.txt').read()",
    );
    assert.equal(result?.data["text/plain"], "'héllo'");
    const content = await files.read("/home/pyodide/data/b.txt");
    assert.equal(content.entry.size, 4);
    assert.equal(await new Response(content.stream).text(), "back");
    assert.deepEqual((await files.list("data")).map(({ name }) => name), ["a.txt", "b.txt"]);
    assert.equal((await files.write("data/a.txt", bytes("x"))).created, false);
    assert.equal((await files.stat("data")).type, "directory");
  });

  test("are read and written whole when they are larger than one message", async () => {
    await using fixture = await createKernel({ mode });
    const { files } = fixture.kernel;
    const large = new Uint8Array(3 * 1024 * 1024 + 5).map((_, index) => index * 7 % 251);
    await files.write("large", new Blob([large]).stream());
    const read = await new Response((await files.read("large")).stream).bytes();
    assert(large.every((byte, index) => read[index] === byte));
    assert.equal(read.length, large.length);
  });

  test("that could not be written leave nothing behind", async () => {
    await using fixture = await createKernel({ mode });
    const { files } = fixture.kernel;
    await files.write("kept", bytes("old"));
    await assert.rejects(files.write("kept", bytes("too large"), { maxBytes: 3 }), {
      code: "limit_exceeded",
    });
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(bytes("half"));
        controller.error(new Error("the client went away"));
      },
    });
    await assert.rejects(files.write("kept", broken), /went away/);
    const aborted = files.write("kept", bytes("x"), { signal: AbortSignal.abort() });
    await assert.rejects(aborted, { name: "AbortError" });
    assert.deepEqual((await files.list(".")).map(({ name }) => name), ["kept"]);
    assert.equal(await new Response((await files.read("kept")).stream).text(), "old");
  });

  test("are made, renamed and removed as asked for and not otherwise", async () => {
    await using fixture = await createKernel({ mode });
    const { files } = fixture.kernel;
    assert.equal((await files.makeDirectory("a/b")).type, "directory");
    await assert.rejects(files.makeDirectory("a/b"), { code: "already_exists" });
    await files.write("a/x", bytes("1"));
    await files.write("a/y", bytes("2"));
    await assert.rejects(files.rename("a/x", "a/y"), { code: "already_exists" });
    assert.equal((await files.rename("a/x", "z")).path, "/home/pyodide/z");
    await assert.rejects(files.remove("a"), { code: "invalid_argument", message: /not empty/ });
    await assert.rejects(files.stat("a/x"), {
      code: "not_found",
      message: 'Cannot find "a/x": there is no such file or directory',
    });
    await assert.rejects(files.read("a"), { code: "invalid_argument", message: /directory/ });
    await assert.rejects(files.list("z"), { code: "invalid_argument" });
    await assert.rejects(files.write("a/b", bytes("")), { code: "invalid_argument" });
    await files.remove("a", { recursive: true });
    await files.remove("z");
    assert.deepEqual(await files.list("."), []);
  });

  test("of the interpreter can be looked at and not changed", async () => {
    await using fixture = await createKernel({ mode });
    const { files } = fixture.kernel;
    assert((await files.list("/lib")).length > 0);
    for (const path of ["/lib/x", "/dev/../lib/x", "/proc/x", "/"]) {
      await assert.rejects(files.write(path, bytes("")), { code: "permission_denied" }, path);
      await assert.rejects(files.remove(path, { recursive: true }), { code: "permission_denied" });
    }
    await assert.rejects(files.rename("/lib", "mine"), { code: "permission_denied" });
    await assert.rejects(files.stat("a\0b"), { code: "invalid_argument" });
    assert.equal((await fixture.kernel.execute("import json")).status, "ok");
  });

  test("of mounts are the host's, read-only ones guarded", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "host" });
    await using fixture = await createKernel({
      mode,
      mounts: [
        { root: directory.path, mountPoint: "/rw", access: "rw" },
        { root: directory.path, mountPoint: "/ro", access: "ro" },
      ],
    });
    const { files } = fixture.kernel;
    assert.equal(await new Response((await files.read("/ro/in.txt")).stream).text(), "host");
    await files.write("/rw/out.txt", bytes("kernel"));
    assert.equal(await Deno.readTextFile(`${directory.path}/out.txt`), "kernel");
    assert.equal((await files.stat("/ro/in.txt")).writable, false);
    assert.equal((await files.stat("/rw/in.txt")).writable, true);
    for (
      const attempt of [
        files.write("/ro/new", bytes("")),
        files.write("/ro/in.txt", bytes("")),
        files.remove("/ro/in.txt"),
        files.rename("/ro/in.txt", "/ro/other"),
        files.makeDirectory("/ro/new"),
      ]
    ) await assert.rejects(attempt, { code: "permission_denied" });
    assert.deepEqual(
      Array.from(Deno.readDirSync(directory.path), ({ name }) => name).sort(),
      ["in.txt", "out.txt"],
    );
    assert.equal((await fixture.kernel.execute("1")).status, "ok");
  });

  test("are still to be had when user code has replaced open", async () => {
    await using fixture = await createKernel({ mode });
    await fixture.kernel.execute("import builtins, os\nbuiltins.open = os.listdir = None");
    await fixture.kernel.files.write("a", bytes("1"));
    assert.equal((await fixture.kernel.files.list(".")).length, 1);
  });
}
