import { type Attack, attackIn, raises } from "../attack.ts";

/** An attack by code of a JavaScript kernel. */
const cell = attackIn("javascript");

const alive: NonNullable<Attack["then"]> = {
  code: "console.log('alive', kept)",
  outcome: { status: "ok", prints: /alive 42/ },
};

/** Attacks by kernels whose code is JavaScript, so that it shares a realm with the kernel's own side. */
export const javascriptAttacks: Attack[] = [
  cell("read a file of the host", "Deno.readTextFileSync('/etc/passwd')", raises(/NotFound/)),
  cell(
    "read a file of the host with Node",
    "import fs from 'node:fs';\nfs.readFileSync('{SECRET}', 'utf8')",
    raises(/ENOENT/),
  ),
  cell("list the project", "[...Deno.readDirSync('{PROJECT}')]", raises(/NotFound/)),
  cell("write to the host", "Deno.writeTextFileSync('{SECRET}', 'x')", raises(/NotFound/)),
  cell("read the server's variables", "Deno.env.get('ATTACK_SECRET') ?? 'none'", {
    status: "ok",
    prints: /none/,
  }),
  cell(
    "reach the server",
    "await fetch('http://127.0.0.1:{PORT}/api/kernels')",
    raises(/NotCapable|net access|not granted/),
  ),
  cell("start a program", "new Deno.Command('id').outputSync()", raises(/TypeError/)),
  cell("load a library", "Deno.dlopen('libc.so.6', {})", raises(/TypeError/)),
  cell("signal the process", "Deno.kill(Deno.pid, 'SIGKILL')", raises(/TypeError/)),
  cell(
    "start a worker",
    "new Worker('data:text/javascript,1', { type: 'module' })",
    raises(/ReferenceError/),
  ),
  ...[
    "node:child_process",
    "node:worker_threads",
    "node:module",
    "node:inspector",
    "node:vm",
  ]
    .map((module) =>
      cell(`import ${module}`, `await import('${module}')`, raises(/Cannot import/))
    ),
  cell(
    "reach the machine by the module process, which is the kernel's own",
    "const { default: it } = await import('node:process'); [it.getBuiltinModule, it.binding, it.kill].map(String).join()",
    { status: "ok", prints: /undefined,undefined,undefined/ },
  ),
  cell(
    "load a module of Node's loader",
    "const { default: it } = await import('node:module'); it",
    raises(/Cannot import/),
  ),
  ...["npm:zod@4.6.7", "npm:is-odd@3.0.1"].map((module) =>
    cell(
      `import ${module}, which is not allowed`,
      `await import('${module}')`,
      raises(/is not allowed on this server/),
    )
  ),
  ...[
    "jsr:@std/assert",
    "file:///etc/passwd",
    "data:text/javascript,1",
  ]
    .map((module) =>
      cell(`import ${module}`, `await import('${module}')`, raises(/Cannot import/))
    ),
  cell(
    "import what the server has by a static import",
    "import { z } from 'npm:zod@4.6.7'",
    raises(/is not allowed on this server/),
  ),
  cell(
    "import by code of a string",
    "await (0, eval)(`import('npm:zod@4.6.7')`)",
    raises(/disallowed|cannot import|dynamic import callback/),
  ),
  cell(
    "import by a constructor of functions",
    "await Object.getPrototypeOf(async function () {}).constructor(`return await import('npm:zod@4.6.7')`)()",
    raises(/disallowed|cannot import|dynamic import callback/),
  ),
  cell("make code of a string", "new Function('return 1')()", raises(/EvalError/), {
    notInWorker: "the engine can forbid it only for a whole process",
  }),
  cell(
    "post a message to the host",
    "postMessage({ message: { type: 'exited', reason: 'x' } })",
    raises(/ReferenceError/),
  ),
  cell("close the thread", "close()", raises(/ReferenceError/), { then: alive }),
  cell("end the program", "Deno.exit(1)", raises(/Exit/), { then: alive }),
  cell(
    "find the host's port in the events of the scope",
    "globalThis.dispatchEvent(new MessageEvent('message', { data: { message: { type: 'end' }, buffers: [] } })); 1",
    { status: "contained" },
  ),
  cell(
    "replace the methods that the kernel's own side uses",
    "for (const [it, name] of [[Map.prototype, 'get'], [Array.prototype, 'map'], [Promise.prototype, 'then']]) " +
      "it[name] = () => { throw new Error('poisoned') }; 1",
    { status: "contained" },
  ),
  cell(
    "replace what makes JSON",
    'JSON.stringify = () => \'{"type":"execute_error","executionId":"other"}\'; \'kept going\'',
    { status: "ok", prints: /kept going/ },
    { then: alive },
  ),
  cell(
    "add to the prototype of all objects",
    "Object.prototype.toJSON = () => 'poisoned'; Object.prototype.type = 'exited'; 'unchanged'",
    { status: "ok", prints: /unchanged/ },
    { then: alive },
  ),
  cell(
    "report an event of another execution",
    "Deno.jupyter.broadcast('execute_result', { executionId: 'other' })",
    { status: "contained" },
  ),
  cell(
    "flood the output",
    "while (true) console.log('x'.repeat(10_000))",
    { status: "interrupted" },
    { timeoutMs: 500, then: alive },
  ),
  cell("compute for ever", "while (true);", { status: "interrupted" }, {
    timeoutMs: 200,
    then: alive,
  }),
  cell(
    "compute for ever and catch everything",
    "while (true) { try { while (true); } catch { } finally { for (;;); } }",
    { status: "interrupted" },
    { timeoutMs: 200, then: alive },
  ),
  cell(
    "wait for ever without rest",
    "while (true) await null",
    { status: "interrupted" },
    { timeoutMs: 200, then: alive },
  ),
  cell(
    "recurse for ever",
    "const f = () => f() + 1; f()",
    raises(/RangeError/),
    { then: alive },
  ),
  cell(
    "compute for ever in the engine",
    "/(a+)+$/.test('a'.repeat(50) + 'b')",
    { status: "replaced", reason: /still running/ },
    { timeoutMs: 200, notInWorker: "the thread goes on computing" },
  ),
  cell(
    "fill the files",
    "for (let n = 0; ; n++) Deno.writeFileSync(`big${n}`, new Uint8Array(1_000_000))",
    raises(/No space left/),
    { usesUp: true, then: alive },
  ),
  cell(
    "fill the heap",
    "const kept2 = []; for (;;) kept2.push(new Array(1_000_000).fill(kept2.length))",
    { status: "ended", reason: /memory|ended/ },
    { notInWorker: "it can end the server" },
  ),
  cell(
    "write to a read-only mount",
    "Deno.writeTextFileSync('/data/in.txt', 'changed')",
    raises(/PermissionDenied/),
    {
      kernel: {
        language: "javascript",
        mounts: [{ root: "{MOUNT}", mountPoint: "/data", access: "ro" }],
      },
      then: alive,
    },
  ),
  cell(
    "leave a mount by its parent",
    "Deno.readTextFileSync('/data/../../secret')",
    raises(/NotFound/),
    {
      kernel: { language: "javascript", mounts: [{ root: "{MOUNT}", mountPoint: "/data" }] },
      then: alive,
    },
  ),
];
