import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import * as client from "../../client/mod.ts";
import { clientTypes, TYPES_FILE } from "../../client/make_types.ts";
import type { NumberedEvent } from "../../server/services/executions/event_log.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { run } from "../support/programs.ts";
import { createServer } from "../support/server.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { checkClient, checkConnections } from "./contract.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("client/openapi.ts describes the API that the server has", async () => {
  assert(
    await Deno.readTextFile(TYPES_FILE) === await clientTypes(),
    "run: deno task client",
  );
});

/** The events of an execution but the last, whose record is described by the API, and those of comms. */
type Described = Exclude<
  NumberedEvent,
  Extract<
    NumberedEvent,
    { type: `comm_${string}` | "debug_event" | "execution_stalled" | "done" }
  >
>;

Deno.test("ExecutionEvent describes the events that the server sends", () => {
  const described = (event: Described): client.ExecutionEvent => event;
  assert.equal(described.length, 1);
});

Deno.test("CodeInterpreter keeps its promises in Deno and in Node", async (t) => {
  await using server = createServer();
  const url = await server.listen();
  await t.step("in Deno", () => checkClient(client, url));
  await t.step("in Deno when the connection breaks", async () => {
    await using proxy = new TcpProxy(Number(new URL(url).port));
    await checkConnections(client, {
      url: `http://127.0.0.1:${proxy.port}`,
      cut: () => {
        proxy.cut();
        proxy.mend();
        return Promise.resolve();
      },
    });
  });
  await t.step("in the example of its README", async () => {
    const readme = await Deno.readTextFile(`${root}/client/README.md`);
    const example = /^```ts ignore\n(.*?)^```/ms.exec(readme)?.[1]?.replace(
      '"deno-code-interpreter"',
      JSON.stringify(new URL("../../client/mod.ts", import.meta.url)),
    );
    await using directory = await temporaryDirectory({
      "example.ts": example ?? "",
    });
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        `--config=${root}/deno.json`,
        `${directory.path}/example.ts`,
      ],
      env: { DENO_CODE_INTERPRETER_URL: url },
      stderr: "inherit",
    });
    const { success, stdout } = await command.output();
    assert(success);
    assert.match(
      new TextDecoder().decode(stdout),
      /^hello\n\s+hello\n 42\nZeroDivisionError\n.*execute_result\n.*done\n$/s,
    );
  });
  const hasNode = await run("node", ["--version"]).then(() => true, () => false);
  await t.step({ name: "in Node, as an npm package", ignore: !hasNode, fn: inNode });

  async function inNode(): Promise<void> {
    await using directory = await temporaryDirectory({
      "package.json": '{ "type": "module" }',
    });
    await installPackage(directory.path);
    const program = `import * as client from "deno-code-interpreter";
import { checkClient } from "./contract.js";
await checkClient(client, process.argv[2]);
console.log("done");
`;
    await Deno.writeTextFile(`${directory.path}/program.js`, program);
    const contract = await Deno.readTextFile(
      new URL("contract.ts", import.meta.url),
    );
    await Deno.writeTextFile(
      `${directory.path}/contract.js`,
      javascript(contract),
    );
    assert.equal(
      await run("node", [`${directory.path}/program.js`, url]),
      "done\n",
    );
  }
});

/** Compiles the package as npm does when it packs it, and puts it beside the package that it depends on. */
async function installPackage(directory: string): Promise<void> {
  const installed = `${directory}/node_modules/deno-code-interpreter`;
  const compiler = `${root}/node_modules/typescript/bin/tsc`;
  await run("node", [
    compiler,
    "-p",
    `${root}/client`,
    "--outDir",
    `${installed}/dist`,
  ]);
  await Deno.copyFile(
    `${root}/client/package.json`,
    `${installed}/package.json`,
  );
  await Deno.symlink(
    await Deno.realPath(`${root}/node_modules/openapi-fetch`),
    `${directory}/node_modules/openapi-fetch`,
  );
  assert(existsSync(`${installed}/dist/mod.d.ts`), "the package has no types");
}

/** Returns the JavaScript of a module; Node 20 does not know `await using`. */
function javascript(source: string): string {
  const { ES2022 } = ts.ScriptTarget;
  return ts.transpileModule(source, {
    compilerOptions: { target: ES2022, module: ts.ModuleKind.ES2022 },
  }).outputText;
}
