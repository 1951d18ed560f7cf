import assert from "node:assert/strict";
import { splitJsonObject } from "../../kernel/json_text.ts";

const BOUNDS = { maxDepth: 8, maxNodes: 40 };

/** The object that a text says, by way of its members. */
function read(text: string): unknown {
  const members = [...splitJsonObject(text, BOUNDS)];
  return Object.fromEntries(members.map(([name, json]) => [name, JSON.parse(json)]));
}

for (
  const text of [
    "{}",
    ' { "a" : [ ] , "b" : { } } ',
    '{"a":1,"b":-1.5e+3,"c":"x","d":null,"e":true,"f":false}',
    '{"a":{"b":[1,2,{"c":null}]},"d":"x\\"y\\u00e9\\n"}',
    '{"a\\"b":1}',
    '{"a":1,"a":2}',
    '{"a":[[],[[]],{}],"":0}',
    '{"a":"é\u2028"}',
  ]
) {
  Deno.test(`splitJsonObject() reads what JSON.parse reads: ${text}`, () => {
    assert.deepEqual(read(text), JSON.parse(text));
  });
}

for (
  const text of [
    "",
    "null",
    "[1]",
    '"a"',
    "{",
    "{,}",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{"a":1 "b":2}',
    '{"a":1}x',
    '{"a":1',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":[}',
    '{"a":{]}',
    '{"a":{"b"}}',
    '{"a":01}',
    '{"a":-}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":NaN}',
    '{"a":tru}',
    '{"a":"',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    "{a:1}",
    "{'a':1}",
  ]
) {
  Deno.test(`splitJsonObject() refuses what JSON.parse refuses: ${JSON.stringify(text)}`, () => {
    assert.throws(() => splitJsonObject(text, BOUNDS), SyntaxError);
  });
}

Deno.test("splitJsonObject() keeps the text of a member as it was written", () => {
  const members = splitJsonObject('{"a": [1,  2] , "b":"\\u0041"}', BOUNDS);
  assert.deepEqual([...members], [["a", "[1,  2]"], ["b", '"\\u0041"']]);
});

Deno.test("splitJsonObject() answers what is inside the bounds and refuses one step more", () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  assert.deepEqual(Object.keys(read(nested(8)) as object), ["a"]);
  assert.throws(() => splitJsonObject(nested(9), BOUNDS), /nested deeper than 8/);
  const wide = (values: number) => `{"a":[${Array(values).fill("0").join()}]}`;
  assert.deepEqual(read(wide(37)), JSON.parse(wide(37)));
  assert.throws(() => splitJsonObject(wide(38), BOUNDS), /more than 40 values/);
});

Deno.test("splitJsonObject() gives up a flood of values before it has read it", () => {
  const flood = `{"a":[${"{},".repeat(5_000_000)}{}]}`;
  const broken = flood.slice(0, 1_000);
  // The end of the text, which is missing here, is never reached.
  assert.throws(() => splitJsonObject(broken, BOUNDS), /more than 40 values/);
  assert.throws(() => splitJsonObject(flood, BOUNDS), /more than 40 values/);
});

Deno.test("splitJsonObject() refuses more objects and arrays than the bounds say, and takes as many values", () => {
  const bounds = { ...BOUNDS, maxContainers: 4 };
  const containers = (count: number) => `{"a":[${Array(count).fill("{}").join()}]}`;
  assert.deepEqual([...splitJsonObject(containers(3), bounds).keys()], ["a"]);
  assert.throws(() => splitJsonObject(containers(4), bounds), /more than 4 objects and arrays/);
  assert.doesNotThrow(() => splitJsonObject('{"a":[1,2,3,4,5,6,7,8,9]}', bounds));
});
