import assert from "node:assert/strict";
import { v1Format } from "../../../../server/apis/jupyter/channels/frames.ts";
import { about, connectChannels } from "../../../support/channels_client.ts";
import { startJupyterServer } from "../../../support/jupyter_server.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

const REGISTER = `
def opened(comm, message):
    version = message["metadata"]["version"]
    comm.on_msg(lambda m: comm.send({"version": version}, buffers=[bytes(m["buffers"][0])[::-1]]))
get_ipython().kernel.comm_manager.register_target("echo", opened)
`;

Deno.test("POST /api/sessions starts a kernel of another server, whose comms /channels carries", async () => {
  await using directory = await temporaryDirectory();
  await using other = await startJupyterServer("jupyter_server", directory.path);
  const REMOTE_SERVERS = JSON.stringify({ debian: { url: other.url, token: other.token } });
  await using server = createServer({ settings: { REMOTE_SERVERS } });
  const { kernelspecs } = await server.json(200, "GET", "/api/kernelspecs");
  assert.equal(kernelspecs.debian.spec.language, "python");
  const session = await server.json(201, "POST", "/api/sessions", {
    path: "notebook.ipynb",
    name: "notebook.ipynb",
    type: "notebook",
    kernel: { name: "debian" },
  });
  assert.equal(session.kernel.name, "debian");
  await using client = await connectChannels(server, session.kernel.id);
  const asked = client.send("execute_request", { code: REGISTER });
  assert.equal((await client.find(about(asked, "execute_reply"))).content["status"], "ok");

  const send = (msg_type: string, content: object, buffers: Uint8Array<ArrayBuffer>[] = []) => {
    const msg_id = crypto.randomUUID();
    client.socket.send(v1Format.encode({
      channel: "shell",
      header: { msg_id, msg_type, username: "", session: "", date: "", version: "5.3" },
      parent_header: {},
      metadata: { version: "2.1.0" },
      content: { ...content },
      buffers,
    }));
  };
  send("comm_open", { comm_id: "c1", target_name: "echo", data: {} });
  send("comm_msg", { comm_id: "c1", data: {} }, [new Uint8Array([1, 2, 3])]);
  const { content, buffers } = await client.find(({ header }) => header.msg_type === "comm_msg");
  assert.deepEqual([content["data"], [...buffers[0]!]], [{ version: "2.1.0" }, [3, 2, 1]]);
  assert.equal((await server.request("DELETE", `/api/sessions/${session.id}`)).status, 204);
  const left = await fetch(`${other.url}/api/kernels?token=${other.token}`);
  assert.deepEqual(await left.json(), []);
});
