import assert from "node:assert/strict";
import { copyMembers, jsonOfMember, objectJson, setJsonMember } from "../../kernel/json_members.ts";

interface Holder {
  type: string;
  data: Record<string, unknown>;
}

function holderOf(json: string): Holder {
  const holder = { type: "display_data" } as Holder;
  setJsonMember(holder, "data", json);
  return holder;
}

Deno.test("setJsonMember() gives a member that reads as any other", () => {
  const holder = holderOf('{"text/plain": "1"}');
  assert.deepEqual(holder, { type: "display_data", data: { "text/plain": "1" } });
  assert.deepEqual(Object.keys(holder), ["type", "data"]);
  assert.equal(JSON.stringify(holder), '{"type":"display_data","data":{"text/plain":"1"}}');
  assert.deepEqual(structuredClone(holder), { ...holder });
});

Deno.test("setJsonMember() makes the value once", () => {
  const holder = holderOf("{}");
  assert.equal(holder.data, holder.data);
});

Deno.test("jsonOfMember() answers the text as it was written when the member arrived as text", () => {
  const holder = holderOf('{"a":  1}');
  assert.equal(jsonOfMember(holder, "data"), '{"a":  1}');
  assert.deepEqual(holder.data, { a: 1 });
  assert.equal(jsonOfMember(holder, "data"), '{"a":  1}');
});

Deno.test("jsonOfMember() makes the text of a member that is a value", () => {
  assert.equal(jsonOfMember({ data: { a: 1 } }, "data"), '{"a":1}');
});

Deno.test("copyMembers() takes texts over and leaves them unread", () => {
  const broken = holderOf("not JSON: reading it would throw");
  const target = {};
  copyMembers(target, broken, ["type", "data"]);
  assert.equal(jsonOfMember(target as Holder, "data"), "not JSON: reading it would throw");
  assert.equal((target as Holder).type, "display_data");
});

Deno.test("objectJson() passes on texts and makes the JSON of the other members", () => {
  assert.equal(objectJson(holderOf('{"a":  1}')), '{"type":"display_data","data":{"a":  1}}');
  const bare = {};
  setJsonMember(bare, 'a"b', "[]");
  assert.equal(objectJson(bare), '{"a\\"b":[]}');
  assert.equal(objectJson({ a: 1, b: undefined }), '{"a":1}');
});

Deno.test("objectJson() shows the replacer only members that are values", () => {
  const holder = Object.assign(holderOf('{"x":1}'), { buffers: [new Uint8Array([1])] });
  const json = objectJson(
    holder,
    (_key, value) => value instanceof Uint8Array ? value.toBase64() : value,
  );
  assert.deepEqual(JSON.parse(json), { type: "display_data", data: { x: 1 }, buffers: ["AQ=="] });
});
