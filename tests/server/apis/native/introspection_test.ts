import assert from "node:assert/strict";
import { nextEvent } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

Deno.test("POST .../complete, inspect and is-complete answer as the kernel does", async () => {
  await using server = createServer();
  const path = `/api/kernels/${await server.createKernel()}`;
  await server.json(200, "POST", `${path}/executions`, { code: "apple = 'é'" });
  const completion = await server.json(200, "POST", `${path}/complete`, { code: "'é'; app" });
  assert.deepEqual([completion.matches, completion.cursorStart, completion.cursorEnd], [
    ["apple"],
    5,
    8,
  ]);
  const inside = { code: "app + 1", cursorPos: 2 };
  assert.equal((await server.json(200, "POST", `${path}/complete`, inside)).cursorEnd, 2);
  const inspection = await server.json(200, "POST", `${path}/inspect`, {
    code: "apple",
    detailLevel: 1,
  });
  assert.equal(inspection.found, true);
  assert.match(inspection.data["text/plain"], /str/);
  assert.deepEqual(await server.json(200, "POST", `${path}/is-complete`, { code: "if x:" }), {
    status: "incomplete",
    indent: "    ",
  });
});

Deno.test("GET .../variables and history tell what cells did", async () => {
  await using server = createServer();
  const path = `/api/kernels/${await server.createKernel()}`;
  await server.json(200, "POST", `${path}/executions`, { code: "x = [1, 2]" });
  await server.json(200, "POST", `${path}/executions`, { code: "x" });
  const { variables } = await server.json(200, "GET", `${path}/variables`);
  assert.deepEqual(variables.map(({ name, summary }: Record<string, string>) => [name, summary]), [
    ["x", "[1, 2]"],
  ]);
  const history = async (query: string) =>
    (await server.json(200, "GET", `${path}/history${query}`)).history;
  assert.deepEqual(await history(""), [[1, 1, "x = [1, 2]"], [1, 2, "x"]]);
  assert.deepEqual(await history("?n=1&output=true"), [[1, 2, ["x", "[1, 2]"]]]);
  assert.deepEqual(await history("?pattern=*=*"), [[1, 1, "x = [1, 2]"]]);
  assert.deepEqual(await history("?start=2&stop=3"), [[1, 2, "x"]]);
  assert.match((await server.json(400, "GET", `${path}/history?n=0`)).message, /n: /);
});

Deno.test("POST .../input answers an input request of the kernel", async () => {
  await using server = createServer();
  const id = await server.createKernel();
  const asked = nextEvent(server.kernels.getKernel(id), "input_request");
  const running = server.json(200, "POST", `/api/kernels/${id}/executions`, {
    code: "input('? ')",
    allowStdin: true,
  });
  const { requestId } = await asked;
  const answer = { requestId, value: "yes" };
  assert.deepEqual(await server.json(200, "POST", `/api/kernels/${id}/input`, answer), {
    accepted: true,
  });
  assert.equal((await running).result.data["text/plain"], "'yes'");
  assert.deepEqual(await server.json(200, "POST", `/api/kernels/${id}/input`, answer), {
    accepted: false,
  });
});

Deno.test("POST .../complete answers 400 for what it does not know", async () => {
  await using server = createServer();
  const path = `/api/kernels/${await server.createKernel()}/complete`;
  assert.match((await server.json(400, "POST", path, { cursorPos: 1 })).message, /code: /);
  assert.match(
    (await server.json(400, "POST", path, { code: "", cursorPos: -1 })).message,
    /cursorPos/,
  );
});
