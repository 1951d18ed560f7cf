import assert from "node:assert/strict";
import { KernelError } from "../../../../kernel/mod.ts";
import { repack } from "../../../../kernel/packages/npm/npm_archive.ts";

const BLOCK = 512;

/** An entry of an archive, whose header says whatever it is told to say. */
interface Entry {
  name: string;
  type?: string;
  size?: string;
  data?: string;
  link?: string;
}

function entryBytes({ name, type = "0", data = "", size, link = "" }: Entry): Uint8Array[] {
  const header = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, "000644 \0");
  put(124, size ?? data.length.toString(8).padStart(11, "0"));
  put(156, type);
  put(157, link);
  put(257, "ustar\u000000");
  const content = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  content.set(new TextEncoder().encode(data));
  return [header, content];
}

async function archive(entries: readonly Entry[]): Promise<Uint8Array<ArrayBuffer>> {
  const parts = [...entries.flatMap(entryBytes), new Uint8Array(2 * BLOCK)];
  const stream = new Blob(parts as BlobPart[]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Returns the names and texts of the files that are left of an archive. */
async function filesOf(...entries: Entry[]): Promise<[path: string, text: string][]> {
  const bytes = await repack("x@1", await archive(entries));
  const length = new DataView(bytes.buffer).getUint32(0);
  const header: [string, number][] = JSON.parse(
    new TextDecoder().decode(bytes.subarray(4, 4 + length)),
  );
  let at = 4 + length;
  return header.map(([path, size]) => {
    const text = new TextDecoder().decode(bytes.subarray(at, at + size));
    at += size;
    return [path, text];
  });
}

Deno.test("repack() keeps files alone, and none outside of the package", async () => {
  assert.deepEqual(
    await filesOf(
      { name: "package/index.js", data: "1" },
      { name: "package/../../evil.js", data: "2" },
      { name: "/etc/evil.js", data: "3" },
      { name: "package/a/./b.js", data: "4" },
      { name: "package/link.js", type: "2", link: "/etc/passwd" },
      { name: "package/hard.js", type: "1", link: "../../x" },
      { name: "package/device", type: "3" },
      { name: "package/a", type: "5" },
      { name: "package/..", data: "5" },
      { name: "package/.npmrc", data: "6" },
      { name: "x", type: "x", data: "30 path=package/../../../evil\n" },
      { name: "package/renamed.js", data: "7" },
      { name: "x", type: "x", data: "25 path=package/long.js\n" },
      { name: "package/short.js", data: "8" },
    ),
    [["index.js", "1"], ["evil.js", "3"], ["a/b.js", "4"], ["long.js", "8"]],
  );
});

Deno.test("repack() reads many entries, and keeps an entry with the one that describes it", async () => {
  const names = Array.from({ length: 1_300 }, (_, at) => `file${at}.js`);
  const files = await filesOf(...names.flatMap((name) => [
    { name: "x", type: "x", data: `${15 + name.length} path=package/${name}\n` },
    { name: "package/short.js", data: name },
  ]));
  assert.deepEqual(files, names.map((name) => [name, name]));
});

for (
  const [what, entries, code] of [
    ["a size below zero", [{ name: "package/a", size: "-0000001000" }], "protocol_violation"],
    ["a size that is no number", [{ name: "package/a", size: "zzzz" }], "protocol_violation"],
    ["a size beyond the end", [{ name: "package/a", size: "77777777777" }], "protocol_violation"],
    [
      "a description without bounds",
      [{ name: "x", type: "x", data: "9 a=b\n".repeat(20_000) }],
      "protocol_violation",
    ],
    [
      "too many files",
      Array.from({ length: 20_500 }, (_, at) => ({ name: `package/${at}` })),
      "limit_exceeded",
    ],
    [
      "too many entries that are no files",
      Array.from({ length: 42_000 }, () => ({ name: "package/x", type: "5" })),
      "limit_exceeded",
    ],
    ["machine code", [{ name: "package/build/a.node", data: "x" }], "permission_denied"],
  ] as [string, Entry[], string][]
) {
  Deno.test(`repack() refuses ${what}`, async () => {
    await assert.rejects(
      filesOf(...entries),
      (error) => error instanceof KernelError && error.code === code,
    );
  });
}

Deno.test("repack() refuses bytes that unpack to too many, and those that are no archive", async () => {
  const zeros = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let count = 0; count < 130; count++) controller.enqueue(new Uint8Array(2 ** 20));
      controller.close();
    },
  });
  const bomb = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  await assert.rejects(repack("x@1", new Uint8Array(bomb)), { code: "limit_exceeded" });
  for (const bytes of [new TextEncoder().encode("text"), (await archive([])).subarray(0, 12)]) {
    await assert.rejects(repack("x@1", new Uint8Array(bytes)), { code: "protocol_violation" });
  }
});
