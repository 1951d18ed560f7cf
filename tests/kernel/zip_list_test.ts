import assert from "node:assert/strict";
import { zipSync } from "npm:fflate@0.8.3";
import {
  findZipList,
  readZipList,
  ZIP_DEFLATED,
  ZIP_STORED,
  zipContents,
} from "../../kernel/zip_list.ts";

const TEXT = new TextEncoder().encode("text ".repeat(100));
const ARCHIVE = zipSync({
  "ä/packed.txt": TEXT,
  "stored.txt": [TEXT, { level: 0, comment: "a comment", extra: { 0x4242: new Uint8Array(9) } }],
}, { comment: "of the archive" });

function listOf(archive: Uint8Array) {
  const place = findZipList(archive);
  return place && readZipList(archive.subarray(place.offset), place.count);
}

Deno.test("readZipList() reads names, sizes and places of an archive with comments and extra fields", () => {
  const [packed, stored] = listOf(ARCHIVE)!;
  assert.deepEqual([packed!.name, packed!.method, packed!.size], [
    "ä/packed.txt",
    ZIP_DEFLATED,
    500,
  ]);
  assert.deepEqual([stored!.name, stored!.method, stored!.size], ["stored.txt", ZIP_STORED, 500]);
  assert.deepEqual(zipContents(ARCHIVE.subarray(stored!.offset), stored!), TEXT);
  assert.equal(zipContents(ARCHIVE.subarray(packed!.offset), packed!)!.length, packed!.packedSize);
});

Deno.test("readZipList() and zipContents() return nothing for what is cut or damaged, and never throw", () => {
  assert.equal(findZipList(new Uint8Array(10)), undefined);
  assert.equal(findZipList(TEXT), undefined);
  for (let at = 0; at < ARCHIVE.length; at++) {
    const damaged = ARCHIVE.slice();
    damaged[at] = 255 - damaged[at]!;
    for (const archive of [damaged, ARCHIVE.subarray(0, at), ARCHIVE.subarray(at)]) {
      for (const entry of listOf(archive) ?? []) {
        const contents = zipContents(archive.subarray(entry.offset), entry);
        assert(contents === undefined || contents.length === entry.packedSize);
      }
    }
  }
});
