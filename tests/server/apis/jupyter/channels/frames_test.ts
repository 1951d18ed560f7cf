import assert from "node:assert/strict";
import { legacyFormat, v1Format } from "../../../../../server/apis/jupyter/channels/frames.ts";
import type { JupyterMessage } from "../../../../../server/apis/jupyter/channels/message.ts";

const message: JupyterMessage = {
  channel: "shell",
  header: {
    msg_id: "1",
    msg_type: "comm_msg",
    username: "ada",
    session: "s",
    date: "2026-01-01T00:00:00.000Z",
    version: "5.3",
  },
  parent_header: { msg_id: "0" },
  metadata: { a: "ä" },
  content: { data: { text: "😀" } },
  buffers: [new Uint8Array([1, 2, 3]), new Uint8Array(), new Uint8Array([255])],
};

/** As a websocket hands it over. */
function received(frame: string | Uint8Array<ArrayBuffer>): string | ArrayBuffer {
  return typeof frame === "string" ? frame : frame.buffer;
}

for (const [name, format] of Object.entries({ v1Format, legacyFormat })) {
  Deno.test(`${name} decodes what it has encoded, buffers included`, () => {
    for (const buffers of [message.buffers, []]) {
      const sent = { ...message, buffers };
      assert.deepEqual(format.decode(received(format.encode(sent))), sent);
    }
  });

  Deno.test(`${name} refuses frames that are no message, and says why`, () => {
    const header = JSON.stringify({ header: { msg_id: "" } });
    for (
      const [frame, reason] of [
        [new ArrayBuffer(0), /too short/],
        [new Uint8Array(64).fill(255).buffer, /wrong number of offsets/],
        [new Uint8Array(64).buffer, /wrong number of offsets/],
        [header, name === "v1Format" ? /has to be binary/ : /header\.msg_id/],
        ["{", name === "v1Format" ? /has to be binary/ : /JSON/],
      ] as const
    ) assert.throws(() => format.decode(frame), reason);
    const whole = format.encode(message) as Uint8Array<ArrayBuffer>;
    assert.throws(() => format.decode(whole.slice(0, -10).buffer));
  });
}

Deno.test("v1Format counts its offsets and ends with the message's length", () => {
  const frame = v1Format.encode(message) as Uint8Array<ArrayBuffer>;
  const view = new DataView(frame.buffer);
  assert.equal(view.getBigUint64(0, true), 9n);
  assert.equal(view.getBigUint64(8, true), 80n);
  assert.equal(view.getBigUint64(9 * 8, true), BigInt(frame.length));
});

Deno.test("legacyFormat is text without buffers, and has the id and type beside the header", () => {
  const text = legacyFormat.encode({ ...message, buffers: [] });
  assert(typeof text === "string");
  assert.deepEqual(JSON.parse(text), {
    ...message,
    msg_id: "1",
    msg_type: "comm_msg",
    buffers: [],
  });
});

Deno.test("legacyFormat takes a binary frame that came as text", () => {
  const plain = { ...message, buffers: [new Uint8Array([1, 2])] };
  const frame = legacyFormat.encode(plain) as Uint8Array<ArrayBuffer>;
  assert.deepEqual(legacyFormat.decode(new TextDecoder().decode(frame)), plain);
});

Deno.test("frames with what only some clients send are understood", () => {
  const text = JSON.stringify({
    header: { msg_id: "1", msg_type: "kernel_info_request", date: 1.5, username: null },
    parent_header: null,
    msg_id: "1",
  });
  const { channel, header, parent_header, content } = legacyFormat.decode(text);
  assert.deepEqual([channel, header.date, header.username, parent_header, content], [
    "shell",
    "1970-01-01T00:00:01.500Z",
    "",
    {},
    {},
  ]);
});

for (const [name, format] of Object.entries({ v1Format, legacyFormat })) {
  Deno.test(`${name} refuses headers that are too large, and content that is too deep`, () => {
    const large = "x".repeat(10 * 2 ** 20);
    for (
      const bad of [
        { header: { ...message.header, msg_id: large } },
        { header: { ...message.header, session: large } },
        { header: { ...message.header, other: large } },
        { header: { ...message.header, msg_type: "x".repeat(2_000) } },
        { parent_header: { other: large } },
        { content: { nested: JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`) } },
        { content: { many: Array(600_000).fill(0) } },
        { metadata: { many: Array(600_000).fill(0) } },
        { content: { large: large + large } },
      ]
    ) {
      const frame = received(format.encode({ ...message, ...bad }));
      assert.throws(() => format.decode(frame), Error, Object.keys(bad)[0]);
    }
  });
}
