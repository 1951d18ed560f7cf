import assert from "node:assert/strict";
import { YNotebook } from "@jupyter/ydoc";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { readSyncMessage, writeSyncStep1, writeUpdate } from "y-protocols/sync";
import type * as Y from "yjs";
import { fakeManager } from "../../../support/fake_host.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

/** Connects Jupyter's own shared notebook with a room. */
async function connect(origin: string, room: string): Promise<YNotebook & Disposable> {
  const notebook = new YNotebook();
  const ydoc = notebook.ydoc as unknown as Y.Doc;
  const socket = new WebSocket(`${origin.replace("http", "ws")}/api/collaboration/room/${room}`);
  socket.binaryType = "arraybuffer";
  const send = (write: (encoder: encoding.Encoder) => void) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    write(encoder);
    if (encoding.length(encoder) > 1) socket.send(encoding.toUint8Array(encoder));
  };
  socket.onmessage = ({ data }) => {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    if (decoding.readVarUint(decoder) !== 0) return;
    send((encoder) => void readSyncMessage(decoder, encoder, ydoc, socket));
  };
  await new Promise((resolve) => socket.onopen = resolve);
  ydoc.on("update", (update: Uint8Array, from: unknown) => {
    if (from !== socket) send((encoder) => writeUpdate(encoder, update));
  });
  send((encoder) => writeSyncStep1(encoder, ydoc));
  return Object.assign(notebook, {
    [Symbol.dispose]() {
      socket.close();
      notebook.dispose();
      notebook.awareness.destroy();
    },
  });
}

/** Resolves when a condition holds after a change of the notebook. */
async function until(notebook: YNotebook, condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise<void>((resolve) => notebook.ydoc.once("update", () => resolve()));
  }
}

Deno.test("Jupyter's shared notebooks follow and change one document", async () => {
  await using directory = await temporaryDirectory({
    "n.ipynb": JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [{ id: "a", cell_type: "code", source: "x = 1", metadata: {}, outputs: [] }],
    }),
  });
  await using fake = fakeManager();
  await using server = createServer({
    manager: fake.manager,
    settings: { NOTEBOOK_DIR: directory.path },
  });
  const origin = await server.listen();
  const session = await server.json(200, "PUT", "/api/collaboration/session/n.ipynb", {
    format: "json",
    type: "notebook",
  });
  const room = `${session.format}:${session.type}:${session.fileId}`;
  using first = await connect(origin, room);
  using second = await connect(origin, room);
  await until(first, () => first.cells.length === 1);
  await until(second, () => second.cells.length === 1);
  first.cells[0]!.updateSource(0, 0, "a = ");
  second.cells[0]!.updateSource(5, 5, "00");
  const both = "a = x = 100";
  await until(first, () => first.cells[0]!.getSource() === both);
  await until(second, () => second.cells[0]!.getSource() === both);
  const live = await server.services.liveNotebooks!.open("n.ipynb");
  assert.equal(live.read().cells[0]!.source, both);
  live.edit([{ type: "insert", cell: { id: "b", source: "by an agent" } }]);
  await until(first, () => first.cells[1]?.getSource() === "by an agent");
  await live.run(["b"]);
  await until(first, () => first.toJSON().cells[1]!["execution_count"] === 1);
  await server.json(404, "PUT", "/api/collaboration/session/none.ipynb", {
    format: "json",
    type: "notebook",
  });
  assert.equal(
    (await server.request("GET", "/api/collaboration/room/json:notebook:x")).status,
    404,
  );
});
