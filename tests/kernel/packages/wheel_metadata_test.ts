import { zipSync } from "npm:fflate@0.8.3";
import assert from "node:assert/strict";
import { readWheelMetadata } from "../../../kernel/packages/wheel_metadata.ts";
import { makeWheel } from "../../support/distribution.ts";

const small = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": "value = 1" } });
/** Bytes that cannot be packed, so that the wheel is as large. */
const noise = Uint8Array.from({ length: 300_000 }, (_, it) => (it * 2_654_435_761) >>> 13 & 255);
const text = new TextEncoder();

/** Gives parts of a file as a server does, and notes which. */
function server(file: Uint8Array<ArrayBuffer>) {
  const ranges: string[] = [];
  const read = (range: string) => {
    ranges.push(range);
    const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range)!;
    const start = first ? Number(first) : Math.max(0, file.length - Number(last));
    return Promise.resolve({
      bytes: file.slice(start, first ? Number(last) + 1 : undefined),
      start,
    });
  };
  return { ranges, read };
}

async function metadataOf(file: Uint8Array<ArrayBuffer>): Promise<[string | undefined, number]> {
  const { ranges, read } = server(file);
  const found = await readWheelMetadata(read);
  return [found && new TextDecoder().decode(found), ranges.length];
}

Deno.test("readWheelMetadata() reads the end of a wheel, and other parts when the metadata is not there", async () => {
  const [first, requests] = await metadataOf(small.bytes);
  assert.match(first!, /^Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n/);
  assert.equal(requests, 1);
  const before = zipSync({ "a-1.dist-info/METADATA": text.encode("Name: a\n"), "a.bin": noise }, {
    level: 0,
  });
  assert.deepEqual(await metadataOf(new Uint8Array(before)), ["Name: a\n", 2]);
  const many = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, it) => [`a/${"long".repeat(20)}${it}.py`, text.encode("x")]),
  );
  const long = zipSync({ "a-1.dist-info/METADATA": text.encode("Name: a\n"), ...many });
  assert.deepEqual(await metadataOf(new Uint8Array(long)), ["Name: a\n", 3]);
});

Deno.test("readWheelMetadata() returns undefined when the file is no wheel, is damaged, or comes in no parts", async () => {
  const damaged = small.bytes.slice();
  const at = new TextDecoder("latin1").decode(damaged).indexOf("METADATA") + "METADATA".length;
  damaged[at + 3]! ^= 255;
  const nested = zipSync({ "x/a-1.dist-info/METADATA": text.encode("Name: other\n") });
  for (
    const file of [
      new Uint8Array(),
      text.encode("<html>Please log in</html>"),
      small.bytes.slice(0, -30),
      damaged,
      new Uint8Array(nested),
    ]
  ) assert.deepEqual(await metadataOf(file), [undefined, 1]);
  assert.equal(await readWheelMetadata(() => Promise.resolve(undefined)), undefined);
});

Deno.test("readWheelMetadata() unpacks no more than the wheel says", async () => {
  const bomb = zipSync({ "a-1.dist-info/METADATA": new Uint8Array(1_000_000) });
  const view = new DataView(bomb.buffer);
  const list = new TextDecoder("latin1").decode(bomb).lastIndexOf("PK\x01\x02");
  view.setUint32(list + 24, 10, true);
  assert.deepEqual(await metadataOf(new Uint8Array(bomb)), [undefined, 1]);
  view.setUint32(list + 24, 2 ** 31, true);
  assert.deepEqual(await metadataOf(new Uint8Array(bomb)), [undefined, 1]);
});
