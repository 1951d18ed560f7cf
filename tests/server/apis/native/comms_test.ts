import assert from "node:assert/strict";
import { nextEvent } from "../../../support/mod.ts";
import { createServer, type TestServer } from "../../../support/server.ts";

const TARGET = `from comm import get_comm_manager
def echo(comm, message):
    def answer(message):
        size = sum(len(buffer) for buffer in message['buffers'])
        comm.send({'got': message['content']['data'], 'size': size}, buffers=[b'\\x01'])
    comm.on_msg(answer)
get_comm_manager().register_target('echo', echo)`;

async function done(server: TestServer, method: string, path: string, body?: unknown) {
  assert.equal((await server.request(method, path, body)).status, 204);
}

Deno.test("the routes of comms open, use, list and close a comm", async () => {
  await using server = createServer();
  const id = await server.createKernel();
  const path = `/api/kernels/${id}`;
  const kernel = server.kernels.getKernel(id);
  await server.json(200, "POST", `${path}/executions`, { code: TARGET });
  const opening = { commId: "c 1", targetName: "echo" };
  await done(server, "POST", `${path}/comms`, opening);
  assert.deepEqual(await server.json(200, "GET", `${path}/comms?targetName=echo`), {
    comms: { "c 1": { targetName: "echo" } },
  });
  assert.deepEqual((await server.json(200, "GET", `${path}/comms?targetName=no`)).comms, {});
  const answer = nextEvent(kernel, "comm_msg");
  const sent = { data: { n: [1] }, buffers: ["AQID"] };
  await done(server, "POST", `${path}/comms/c%201/messages`, sent);
  const { commId, data, buffers } = await answer;
  assert.deepEqual([commId, data, buffers], [
    "c 1",
    { got: { n: [1] }, size: 3 },
    [new Uint8Array([1])],
  ]);
  await done(server, "DELETE", `${path}/comms/c%201`);
  assert.deepEqual((await server.json(200, "GET", `${path}/comms?targetName=echo`)).comms, {});
  const closed = nextEvent(kernel, "comm_close");
  await done(server, "POST", `${path}/comms`, { commId: "c2", targetName: "nobody" });
  assert.equal((await closed).commId, "c2");
  for (
    const [body, field] of [
      [{ targetName: "echo" }, /commId/],
      [{ ...opening, data: [] }, /data/],
      [{ ...opening, buffers: ["not base64!"] }, /buffers/],
    ] as const
  ) {
    assert.match((await server.json(400, "POST", `${path}/comms`, body)).message, field);
  }
  await server.json(404, "POST", "/api/kernels/none/comms/c/messages", {});
});
