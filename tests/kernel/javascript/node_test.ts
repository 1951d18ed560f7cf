import assert from "node:assert/strict";
import { type ExecuteResult, KernelMode } from "../../../kernel/mod.ts";
import { createKernel, nextEvent } from "../../support/mod.ts";

/** Returns what a cell has printed and its result, or its error. */
function seen({ outputs, result, error }: ExecuteResult): string {
  const printed = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  return error ? `${printed}${error.ename}` : `${printed}${result?.data["text/plain"] ?? ""}`;
}

/** Cells of bash, and what they print or end with. */
const IN_BASH = [
  [
    `node -e 'console.log([1, { a: "x" }], process.argv.slice(1))' one two`,
    "[ 1, { a: 'x' } ] [ 'one', 'two' ]\n",
  ],
  [`node -p '6 * 7'; node -p '"text"'`, "42\ntext\n"],
  [
    `echo '{"a":5}' | node -e 'let s = ""; process.stdin.on("data", (d) => s += d).on("end", () => console.log(JSON.parse(s).a))'`,
    "5\n",
  ],
  [`echo hi | node -e 'console.log(fs.readFileSync(0, "utf8").toUpperCase())' | tr H h`, "hI\n\n"],
  ["printf 'console.log(input = 3)' | node; printf 'console.log(4)' | node -", "3\n4\n"],
  [
    "echo 'export const x = 42' > n.mjs\ncat > m.mjs <<'EOF'\nimport { x } from './n.mjs'\nimport { existsSync } from 'node:fs'\nconsole.log(x, existsSync('n.mjs'), import.meta.url)\nawait new Promise((go) => setTimeout(go, 5))\nconst { x: again } = await import('./n.mjs')\nconsole.log(again)\nprocess.exit(3)\nEOF\nnode m.mjs; echo $?",
    "42 true file:///home/user/m.mjs\n42\n3\n",
  ],
  [
    'echo \'module.exports = { a: require("path").join("x", "y") }\' > c.js; node -e \'console.log(require("./c").a)\'',
    "x/y\n",
  ],
  [
    'mkdir -p node_modules/p/lib; echo \'{"exports":{".":{"require":"./lib/r.js","import":"./lib/i.mjs"},"./f/*":"./lib/*.js"}}\' > node_modules/p/package.json\necho \'exports.kind = "required"\' > node_modules/p/lib/r.js; echo \'export const kind = "imported"\' > node_modules/p/lib/i.mjs\nnode -p \'require("p").kind + require("p/f/r").kind\'; node -e \'import("p").then((it) => console.log(it.kind))\'; node -e \'require("p/lib/r.js")\' 2>/dev/null || echo refused',
    "requiredrequired\nimported\nrefused\n",
  ],
  ["echo 'enum C { Red = 3 }; const c: number = C.Red; console.log(c)' > t.ts; node t.ts", "3\n"],
  ["V=1 node -p 'process.env.V'; cd /tmp; node -p 'process.cwd()'; cd", "1\n/tmp\n"],
  ["node -e 'setTimeout(() => console.log(2), 5); console.log(1)'", "1\n2\n"],
  [
    "node -e 'async function main() { await null; throw new TypeError(\"late\") }; main()' 2>&1 | head -1; node -e 'throw 1' 2>/dev/null || echo $?",
    "Uncaught TypeError: late\n1\n",
  ],
  ["node -e 'setTimeout(() => { throw new Error(\"timer\") })' 2>/dev/null || echo $?", "1\n"],
  [
    "node -e 'try { fs.readFileSync(\"nope\") } catch (e) { console.log(e instanceof Error, e.code) }'",
    "true ENOENT\n",
  ],
  [
    "node -e 'try { null.x } catch (e) { console.log(e instanceof TypeError, e instanceof Error) }'",
    "true true\n",
  ],
  [
    "node -e 'require(\"child_process\")' 2>/dev/null || echo $?; node none.js 2>/dev/null || echo $?; node --bad 2>/dev/null || echo $?",
    "1\n1\n9\n",
  ],
  [
    "node -e 'globalThis.left = 1; Array.prototype.map = null'; node -p 'typeof left + [1].map(String)'",
    "undefined1\n",
  ],
  [
    "node -e 'crypto.subtle.digest(\"SHA-256\", new Uint8Array(3)).then((it) => console.log(it.byteLength))'",
    "32\n",
  ],
  ['node -p \'require("zlib").gunzipSync(require("zlib").gzipSync("abc")).toString()\'', "abc\n"],
] as const;

/** Cells of Python, and what they print or end with. */
const IN_PYTHON = [
  ["!echo hi | node -e 'console.log(fs.readFileSync(0, \"utf8\"))'", "hi\n\n"],
  [
    "import subprocess\nsubprocess.run(['node', '-p', '1 + 1'], capture_output=True, text=True).stdout",
    "'2\\n'",
  ],
  ["%%node\nconst x = 5\nlet s = 'é'\nconsole.log(s);\n({ x })", "é\n{ x: 5 }"],
  [
    "%%js_kernel\nimport { writeFileSync } from 'node:fs'\nwriteFileSync('q.txt', 'from js')\nawait new Promise((go) => setTimeout(go, 5))\nx + 1",
    "6",
  ],
  ["open('q.txt').read()", "'from js'"],
  ["%%typescript\ninterface P { a: number }\nconst p: P = { a: x }\np", "{ a: 5 }"],
  ["%%node\nthrow new RangeError('no')", "JavaScriptError"],
  ["%%node\nx", "5"],
] as const;

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
  Deno.test(`${mode}: node runs programs on the files of a bash kernel`, async (t) => {
    await using fixture = await createKernel({ language: "bash", mode });
    const { kernel, manager, id } = fixture;
    for (const [code, expected] of IN_BASH) {
      await t.step(code, async () => assert.equal(seen(await kernel.execute(code)), expected));
    }
    for (
      const code of ["while (true);", "setInterval(() => {}, 1000)", "await new Promise(() => {})"]
    ) {
      await t.step(`interruptKernel() stops ${code}`, async () => {
        await kernel.execute("v=kept");
        const begun = nextEvent(kernel, "stream");
        const running = kernel.execute(`echo begun; node --input-type=module -e '${code}'`);
        await begun;
        await manager.interruptKernel(id);
        assert.equal((await running).error?.ename, "KeyboardInterrupt");
        assert.equal(seen(await kernel.execute("echo $v")), "kept\n");
      });
    }
  });

  Deno.test(`${mode}: cells of a Python kernel run as JavaScript on the same files`, async (t) => {
    await using fixture = await createKernel({ mode });
    const { kernel, manager, id } = fixture;
    for (const [code, expected] of IN_PYTHON) {
      await t.step(code, async () => {
        const result = seen(await kernel.execute(code));
        if (expected === "JavaScriptError") {
          assert.match(result, /RangeError: no[^]*JavaScriptError$/);
        } else assert.equal(result, expected);
      });
    }
    for (const code of ["while (true);", "await new Promise(() => {})"]) {
      await t.step(`interruptKernel() stops ${code}`, async () => {
        const begun = nextEvent(kernel, "stream");
        const running = kernel.execute(`%%node\nconsole.log("begun")\n${code}`);
        await begun;
        await manager.interruptKernel(id);
        assert.equal((await running).error?.ename, "KeyboardInterrupt");
        assert.equal(seen(await kernel.execute("%%node\nx")), "5");
      });
    }
  });
}

Deno.test("node is not there on the main thread", async () => {
  await using fixture = await createKernel({ language: "bash", mode: KernelMode.MAIN_THREAD });
  const { outputs, error } = await fixture.kernel.execute("node -e 1");
  assert.match(JSON.stringify(outputs), /node: command not found: kernels of the mode main_thread/);
  assert.match(error!.evalue, /127$/);
});
