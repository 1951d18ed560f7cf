import assert from "node:assert/strict";
import { Utf8Streams } from "../../kernel/streams.ts";

function gather(): { streams: Utf8Streams; heard: string[] } {
  const heard: string[] = [];
  return { streams: new Utf8Streams((name, text) => void heard.push(`${name}: ${text}`)), heard };
}

Deno.test("Utf8Streams puts characters together that arrive in pieces", () => {
  const { streams, heard } = gather();
  const bytes = new TextEncoder().encode("a€😀");
  for (const byte of bytes) streams.write("stdout", new Uint8Array([byte]));
  streams.flush();
  assert.deepEqual(heard, ["stdout: a€😀"]);
});

Deno.test("Utf8Streams keeps the order of the two streams, also within a character", () => {
  const { streams, heard } = gather();
  const euro = new TextEncoder().encode("€");
  streams.write("stdout", euro.subarray(0, 2));
  streams.write("stderr", new TextEncoder().encode("err"));
  streams.write("stdout", euro.subarray(2));
  streams.flush();
  assert.deepEqual(heard, ["stderr: err", "stdout: €"]);
});

Deno.test("Utf8Streams hands on what is much without being told", () => {
  const { streams, heard } = gather();
  streams.write("stdout", new Uint8Array(300 * 1024).fill(97));
  assert.equal(heard.length, 1);
  streams.flush();
  assert.equal(heard.length, 1);
});
