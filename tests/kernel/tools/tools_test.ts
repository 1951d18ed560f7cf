import assert from "node:assert/strict";
import type { KernelTools } from "../../../kernel/mod.ts";
import { createKernel, nextEvent } from "../../support/mod.ts";

const SEARCH = {
  description: "Finds documents.",
  inputSchema: {
    type: "object",
    properties: { query: { type: "string" }, limit: { type: "integer", default: 3 } },
    required: ["query"],
    additionalProperties: false,
  },
};

for (const mode of ["worker", "process"] as const) {
  Deno.test(`code in a ${mode} kernel calls tools, waiting and with await, and side by side`, async () => {
    const calls: unknown[] = [];
    const tools: KernelTools = {
      search: {
        ...SEARCH,
        call: (args, { executionId, kernelId }) => {
          calls.push([args, typeof executionId, kernelId]);
          return { found: [args["query"], "ü"] };
        },
      },
      slow: { call: async ({ n }) => await Promise.resolve((n as number) * 2) },
    };
    await using fixture = await createKernel({ mode, tools });
    const { kernel } = fixture;
    const run = async (code: string) => {
      const { result, error } = await kernel.execute(code);
      return error ? `${error.ename}: ${error.evalue}` : result?.data["text/plain"];
    };
    assert.equal(await run("await tools.search('x')"), "{'found': ['x', 'ü']}");
    assert.equal(await run("tools.search.sync(query='y', limit=1)['found'][0]"), "'y'");
    assert.deepEqual(calls, [
      [{ query: "x" }, "string", kernel.id],
      [{ query: "y", limit: 1 }, "string", kernel.id],
    ]);
    const many = "import asyncio\nawait asyncio.gather(*[tools.slow(n=i) for i in range(20)])";
    assert.equal(await run(many), `[${Array.from({ length: 20 }, (_, i) => i * 2).join(", ")}]`);
    assert.equal(
      await run("tools"),
      "<tool search(query: str, limit: int = 3)>\n<tool slow(**_others)>",
    );
    assert.equal(await run("tools.search.__doc__"), "'Finds documents.'");
    assert.match(
      String(await run("tools.search()")),
      /^TypeError: tools\.search\(query: str, limit: int = 3\): missing a required argument: 'query'/,
    );
    assert.match(
      String(await run("tools.search('x', other=1)")),
      /unexpected keyword argument 'other'/,
    );
    assert.match(
      String(await run("tools.find('x')")),
      /AttributeError: there is no tool 'find'; there are search, slow/,
    );
    assert.match(String(await run("tools.search({1})")), /TypeError/);
    assert.match(
      String(await run("tools.search('x' * 2_000_000)")),
      /ValueError: the arguments of tools.search/,
    );
    await kernel.restart();
    assert.equal(await run("tools.search.sync('again')['found'][0]"), "'again'");
  });
}

Deno.test("a tool that fails, is slow or answers with no JSON raises ToolError", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const aborted = Promise.withResolvers<void>();
  const tools: KernelTools = {
    throws: {
      call: () => {
        throw new Error("it is broken");
      },
    },
    never: {
      timeoutMs: 50,
      call: (_args, { signal }) => {
        signal.addEventListener("abort", () => aborted.resolve());
        return new Promise(() => {});
      },
    },
    cyclic: { call: () => cyclic },
    large: { call: () => "x".repeat(9_000_000) },
    nothing: { call: () => undefined },
  };
  await using fixture = await createKernel({ tools });
  const { kernel } = fixture;
  for (
    const [name, message] of [
      ["throws", /^it is broken$/],
      ["never", /^"never" did not answer within 50 ms$/],
      ["cyclic", /^the answer is no JSON: /],
      ["large", /^the answer has more than 8388608 characters of JSON$/],
    ] as const
  ) {
    const { error } = await kernel.execute(`await tools.${name}()`);
    assert.equal(error?.ename, "ToolError");
    assert.match(error.evalue, message);
  }
  await aborted.promise;
  const { result } = await kernel.execute("tools.nothing.sync() is None, 1 + 1");
  assert.equal(result?.data["text/plain"], "(True, 2)");
});

Deno.test("a call of a tool can be interrupted, and ends with its kernel", async () => {
  const signals: AbortSignal[] = [];
  const called = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const tools: KernelTools = {
    never: {
      call: (_args, { signal }) => {
        signals.push(signal);
        called[signals.length - 1]!.resolve();
        return new Promise(() => {});
      },
    },
  };
  await using fixture = await createKernel({ tools });
  const { kernel } = fixture;
  const running = kernel.execute("x = 1\ntools.never.sync()");
  await called[0]!.promise;
  assert.equal(await kernel.interrupt(), true);
  assert.equal((await running).error?.ename, "KeyboardInterrupt");
  const again = kernel.execute("await tools.never()");
  await called[1]!.promise;
  await kernel.terminate("it was ended");
  assert.equal((await again).status, "aborted");
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true]);
});

Deno.test("answerTool() answers a call of a tool without a function, once", async () => {
  await using fixture = await createKernel({ tools: { ask: {} } });
  const { kernel } = fixture;
  const asked = nextEvent(kernel, "tool_call");
  const running = kernel.execute("await tools.ask(a=[1, None])");
  const { requestId, name, arguments: args } = await asked;
  assert.deepEqual([name, args], ["ask", { a: [1, null] }]);
  assert.equal(await kernel.answerTool("another", { value: 1 }), false);
  assert.equal(await kernel.answerTool(requestId, { value: { b: "é" } }), true);
  assert.equal(await kernel.answerTool(requestId, { value: 2 }), false);
  assert.equal((await running).result?.data["text/plain"], "{'b': 'é'}");
});

Deno.test("calls of tools beyond the bound wait for their turn, and a forged flood of them grows nothing", async () => {
  let open = 0;
  let most = 0;
  const tools: KernelTools = {
    count: {
      call: async ({ n }) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
        return n;
      },
    },
  };
  await using fixture = await createKernel({ tools });
  const code = "import asyncio\nsum(await asyncio.gather(*[tools.count(n=i) for i in range(300)]))";
  const { result } = await fixture.kernel.execute(code);
  assert.equal(result?.data["text/plain"], String(300 * 299 / 2));
  assert(most <= 64, `there were ${most}`);
  const forged = "from deno_kernel.current import running_kernel\n" +
    "for i in range(3000): running_kernel().events.send('tool_call', " +
    "{'requestId': f'x{i}', 'name': 'none', 'arguments': {}}, essential=True)\n1";
  assert.equal((await fixture.kernel.execute(forged)).result?.data["text/plain"], "1");
  const after = await fixture.kernel.execute("await tools.count(n=7)");
  assert.equal(after.result?.data["text/plain"], "7");
});

for (
  const [what, tools, message] of [
    ["a name is none in Python", { "a b": {} }, /tools\.a b: use a Python name/],
    ["a tool has an unknown key", { a: { run: 1 } }, /tools\.a: Unrecognized key: "run"/],
    ["a function is none", { a: { call: 1 } }, /tools\.a\.call: use a function/],
    [
      "a schema is too large",
      { a: { inputSchema: { x: "y".repeat(200_000) } } },
      /at most 100000 characters/,
    ],
  ] as const
) {
  Deno.test(`createKernel() refuses tools when ${what}`, async () => {
    await assert.rejects(createKernel({ tools: tools as unknown as KernelTools }), message);
  });
}

Deno.test("a kernel without tools has no such name", async () => {
  await using fixture = await createKernel();
  const { error } = await fixture.kernel.execute("tools");
  assert.equal(error?.ename, "NameError");
});
