/**
 * The promises of the TypeScript client. This module runs in Deno and in Node, which has the client as an npm
 * package, and imports no other but Node's own.
 *
 * @module
 */
import assert from "node:assert/strict";
import type * as Client from "../../client/mod.ts";

/** A way to the server that can be cut, and that then works again. */
export interface Connection {
  url: string;
  cut(): Promise<void>;
}

/** Checks the client against a server. The kernels that it starts end with it. */
export async function checkClient(
  client: typeof Client,
  url: string,
): Promise<void> {
  const { CodeInterpreter, RequestError, ExecutionError } = client;
  await using interpreter = await CodeInterpreter.start({
    url,
    env: { COLOUR: "green" },
  });

  // A run has what the code wrote, showed and returned, and listeners hear it in order.
  const heard: string[] = [];
  const first = await interpreter.run(
    "import os, sys\nprint('out')\nx = input('name? ')\nprint('err', file=sys.stderr)\n" +
      "display({'text/html': '<b>b</b>', 'image/png': 'iVBO'}, raw=True)\nx.upper() + os.environ['COLOUR']",
    {
      onStdout: (text) => heard.push(`out ${text.trim()}`),
      onStderr: (text) => heard.push(`err ${text.trim()}`),
      onOutput: (output) => heard.push(`show ${output.html ?? output.text}`),
      onInput: (prompt, password) => {
        heard.push(`ask ${prompt}${password}`);
        return Promise.resolve("ada");
      },
    },
  );
  assert.equal(first.orThrow().text, "'ADAgreen'");
  assert.match(first.stdout, /^out\n/);
  assert.equal(first.stderr, "err\n");
  assert.deepEqual([...first.outputs[0]?.png ?? []], [137, 80, 78]);
  assert.deepEqual(heard.filter((it) => it !== "out "), [
    "out out",
    "ask name? false",
    "err err",
    "show <b>b</b>",
    "show 'ADAgreen'",
  ]);

  // An exception is a result, and lines answer input() in turn.
  const failed = await interpreter.run("print(input())\n1 / 0", {
    stdin: ["line"],
  });
  assert.equal(failed.errorText, "ZeroDivisionError: division by zero");
  assert.match(failed.stdout, /line\n$/);
  assert.throws(() => failed.orThrow(), ExecutionError);

  // Events come while the code runs; leaving them interrupts it, and the session goes on.
  for await (
    const event of interpreter.stream("y = 5\nprint('on')\nwhile True: pass")
  ) {
    if (event.type === "stream") break;
  }
  assert.equal((await interpreter.run("y")).text, "5");

  // A signal interrupts; so do interrupt() and the time limit.
  const controller = new AbortController();
  const reason = new Error("enough");
  await assert.rejects(
    interpreter.run("print('on')\nwhile True: pass", {
      signal: controller.signal,
      onStdout: () => controller.abort(reason),
    }),
    reason,
  );
  const interrupted = await interpreter.run("print('on')\nwhile True: pass", {
    onStdout: () => interpreter.interrupt(),
  });
  assert.equal(interrupted.error?.ename, "KeyboardInterrupt");
  assert.equal(
    (await interpreter.run("while True: pass", { timeoutMs: 200 })).status,
    "timeout",
  );
  // A listener that throws interrupts the code, and its error is the answer.
  await assert.rejects(
    interpreter.run("print('on')\nwhile True: pass", {
      onStdout: () => {
        throw reason;
      },
    }),
    reason,
  );

  // Files go up and down.
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256);
  const { files } = interpreter;
  await files.makeDirectory("some dir");
  assert.equal(
    (await files.write("some dir/ä&b.bin", bytes)).size,
    bytes.length,
  );
  assert.deepEqual(await files.read("some dir/ä&b.bin"), bytes);
  await files.rename("some dir/ä&b.bin", "a.txt");
  await files.write("a.txt", "täxt");
  assert.equal(
    (await interpreter.run("open('a.txt', encoding='utf8').read()")).text,
    "'täxt'",
  );
  assert.equal(await files.readText("a.txt"), "täxt");
  await files.remove("some dir", { recursive: true });
  assert.deepEqual((await files.list()).map(({ name }) => name), ["a.txt"]);
  await assert.rejects(
    files.read("gone"),
    (error) =>
      error instanceof RequestError && error.status === 404 &&
      error.code === "not_found",
  );

  // Packages, and what the server says of a wrong request.
  assert.equal(typeof await interpreter.packages(), "object");
  await assert.rejects(
    interpreter.install(""),
    (error) =>
      error instanceof RequestError && error.status === 400 &&
      error.details.length > 0,
  );

  // Another client joins the session and leaves it alone; restart() forgets its variables.
  {
    await using guest = await CodeInterpreter.join(interpreter.kernelId, {
      url,
    });
    await guest.run("z = 1");
  }
  assert.equal((await interpreter.run("z")).text, "1");
  await interpreter.restart();
  assert.equal((await interpreter.run("z")).error?.ename, "NameError");
  assert.equal((await interpreter.status()).id, interpreter.kernelId);

  // close() ends the kernel, and may be called again.
  await interpreter.close();
  await assert.rejects(
    CodeInterpreter.join(interpreter.kernelId, { url }),
    (error) => error instanceof RequestError && error.status === 404,
  );
}

/** Checks that a run loses nothing when its connection breaks, and that no server is an error with advice. */
export async function checkConnections(
  client: typeof Client,
  connection: Connection,
) {
  const { CodeInterpreter, ConnectionLost } = client;
  await using interpreter = await CodeInterpreter.start({
    url: connection.url,
  });
  let cuts = 0;
  let seen = "";
  const execution = await interpreter.run(
    "print('one')\ninput()\nprint('two')\n3",
    {
      onStdout: async (text) => {
        seen += text;
        if (cuts++ === 0) await connection.cut();
      },
      onInput: () => "",
    },
  );
  assert.equal(seen.trim().replace(/\s+/g, " "), "one two");
  assert.equal(execution.text, "3");
  await assert.rejects(
    CodeInterpreter.start({ url: "http://127.0.0.1:1" }),
    (error) =>
      error instanceof ConnectionLost &&
      /DENO_CODE_INTERPRETER_URL/.test(error.message),
  );
  await assert.rejects(
    CodeInterpreter.start({ url: "ftp://localhost" }),
    /begin it with http/,
  );
}
