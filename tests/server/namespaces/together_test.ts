import assert from "node:assert/strict";
import { createServer } from "../../support/server.ts";
import { callTool, clientOf, sandboxHeaders } from "./world.ts";

Deno.test("two clients of each family at once get each what is theirs, also without tokens", async () => {
  await using server = createServer({ settings: { ALLOWED_KERNEL_MODES: "worker" } });
  const client = clientOf(server, undefined);
  const { json, send } = client;

  /** For each family, a conversation that sets a variable and then reads it. */
  const conversations: Record<
    string,
    (word: string, meet: () => Promise<void>) => Promise<string>
  > = {
    async native(word, meet) {
      const { id } = await json(201, "POST", "/api/kernels", { language: "bash" });
      const at = `/api/kernels/${id}/executions`;
      await json(200, "POST", at, { code: `name=${word}` });
      await meet();
      return JSON.stringify((await json(200, "POST", at, { code: "echo $name" })).outputs);
    },
    async jupyter(word, meet) {
      const wanted = { path: `${word}.ipynb`, type: "notebook", kernel: { name: "bash" } };
      const { kernel: { id } } = await json(201, "POST", "/api/sessions", wanted);
      const at = `/api/kernels/${id}/execute`;
      await json(200, "POST", at, { code: `name=${word}` });
      await meet();
      return JSON.stringify(await json(200, "POST", at, { code: "echo $name" }));
    },
    async mcp(word, meet) {
      const first = await callTool(client, "run_code", { code: `name = "${word}"` });
      const { session } = first.structuredContent;
      await meet();
      return JSON.stringify(await callTool(client, "run_code", { session, code: "name" }));
    },
    async coderunner(word, meet) {
      const language = "bash";
      const set = { language, code: `name=${word}` };
      const { session_id } = await json(200, "POST", "/execute", set);
      await meet();
      const get = { language, code: "echo $name", session_id };
      return (await json(200, "POST", "/execute", get)).stdout;
    },
    async kernel_proxy(word, meet) {
      const { id } = await json(200, "POST", "/kernel-proxy/start_kernel");
      const at = "/kernel-proxy/execute_code";
      await json(200, "POST", at, { id, code: `name = "${word}"` });
      await meet();
      return JSON.stringify(await json(200, "POST", at, { id, code: "name" }));
    },
    async jupycell(word, meet) {
      const { kernel_id } = await json(200, "POST", "/start");
      const cell = { kernel_id, cell_number: 1 };
      await json(200, "POST", "/cell", { ...cell, action: "add", code: `print("${word}")` });
      await meet();
      return JSON.stringify(await json(200, "POST", "/cell", { ...cell, action: "run" }));
    },
    async e2b(word, meet) {
      const made = await json(201, "POST", "/e2b/v2/sandboxes", { templateID: "base" });
      const headers = sandboxHeaders({
        sandbox: made.sandboxID,
        accessToken: made.envdAccessToken,
        trafficToken: made.trafficAccessToken,
      });
      const run = async (code: string) =>
        await (await send("POST", "/e2b/execute", { code }, headers)).text();
      await run(`name = "${word}"`);
      await meet();
      return await run("name");
    },
  };
  const words = ["zanzibar", "timbuktu"];
  for (const [family, talk] of Object.entries(conversations)) {
    const arrived = words.map(() => Promise.withResolvers<void>());
    const answers = await Promise.all(
      words.map(async (word, index) =>
        await talk(word, async () => {
          arrived[index]!.resolve();
          await Promise.all(arrived.map(({ promise }) => promise));
        })
      ),
    );
    for (const [index, answer] of answers.entries()) {
      assert(answer.includes(words[index]!), `${family}: ${answer}`);
      assert(!answer.includes(words[1 - index]!), `${family}: ${answer}`);
    }
    await server.kernels.terminateAll();
  }
});
