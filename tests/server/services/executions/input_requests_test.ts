import assert from "node:assert/strict";
import { InputRequests } from "../../../../server/services/executions/input_requests.ts";
import { createServer } from "../../../support/server.ts";

/** A server with a worker kernel. */
async function withKernel() {
  const server = createServer({ settings: { ALLOWED_KERNEL_MODES: "worker" } });
  return { server, id: await server.createKernel() };
}

/** Submits code and resolves with its execution once it asks for input. */
async function asking(server: ReturnType<typeof createServer>, kernelId: string, code: string) {
  const execution = await server.executions.submit(kernelId, {
    code,
    origin: "native",
    allowStdin: true,
  });
  for await (const { json } of execution.log.follow()) {
    if (JSON.parse(json).type === "input_request") break;
  }
  return execution;
}

Deno.test("answerKernelInput() answers whichever execution asks", async () => {
  const { server, id } = await withKernel();
  await using _ = server;
  assert(!await server.executions.answerKernelInput(id, "too early"));
  const execution = await asking(server, id, "input()");
  assert(await server.executions.answerKernelInput(id, "typed"));
  assert.equal((await execution.done).result?.data["text/plain"], "'typed'");
  assert(!await server.executions.answerKernelInput(id, "too late"));
  await assert.rejects(server.executions.answerKernelInput("nobody", ""), { code: "not_found" });
});

Deno.test("answerKernelInput() passes over a request that no longer waits", async () => {
  const { server, id } = await withKernel();
  await using _ = server;
  const execution = await asking(
    server,
    id,
    "try:\n    input()\nexcept KeyboardInterrupt:\n    pass\ninput()",
  );
  const again = Promise.withResolvers<void>();
  using _subscription = server.kernels.events.on("input_request", () => again.resolve());
  await execution.cancel();
  await again.promise;
  assert(await server.executions.answerKernelInput(id, "second"));
  assert.equal((await execution.done).result?.data["text/plain"], "'second'");
});

Deno.test("answerKernelInput() forgets the requests of an interpreter that is gone", async () => {
  const { server, id } = await withKernel();
  await using _ = server;
  const execution = await asking(server, id, "input()");
  await server.services.kernels.restart(id);
  assert.equal((await execution.done).status, "aborted");
  assert(!await server.executions.answerKernelInput(id, "late"));
});

Deno.test("answer() gives two answers that come at once to two requests", async () => {
  const requests = new InputRequests();
  const request = { type: "input_request", kernelId: "k", prompt: "", password: false } as const;
  requests.add({ ...request, executionId: "a", requestId: "1" });
  requests.add({ ...request, executionId: "b", requestId: "2" });
  const given: [string, string | null][] = [];
  const kernel = {
    id: "k",
    answerInput(requestId: string, value: string | null) {
      given.push([requestId, value]);
      return Promise.resolve(true);
    },
  };
  const answer = (value: string, executionId?: string) =>
    requests.answer(kernel, value, { executionId });
  assert.deepEqual(await Promise.all([answer("x"), answer("y")]), [true, true]);
  assert.deepEqual(given, [["1", "x"], ["2", "y"]]);
  assert(!await answer("z"));
});

Deno.test("add() keeps the newest request of each execution, however many there are", async () => {
  const requests = new InputRequests();
  const request = { type: "input_request", kernelId: "k", prompt: "", password: false } as const;
  for (const requestId of ["1", "2", "3"]) {
    requests.add({ ...request, executionId: "a", requestId });
  }
  requests.add({ ...request, executionId: "b", requestId: "4" });
  requests.add({ ...request, kernelId: "other", executionId: "a", requestId: "5" });
  const asked: string[] = [];
  const kernel = {
    id: "k",
    answerInput(requestId: string) {
      asked.push(requestId);
      return Promise.resolve(false);
    },
  };
  await requests.answer(kernel, "x");
  assert.deepEqual(asked, ["3", "4"]);
});
