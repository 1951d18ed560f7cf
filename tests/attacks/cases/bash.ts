import { type Attack, attackIn, raises } from "../attack.ts";

/** An attack by a bash kernel; its errors are texts of commands. */
const cell = attackIn("bash");

/** An attack that changes nothing of its kernel. */
function attempt(...[name, code, outcome, rest]: Parameters<typeof cell>): Attack {
  return cell(name, code, outcome, { harmless: true, ...rest });
}

/** The command fails, and says so in these words. */
function refused(words: RegExp): Attack["outcome"] {
  return { status: "ok", prints: words, not: /root:x:0|ATTACKED/ };
}

const alive: NonNullable<Attack["then"]> = {
  code: "echo alive",
  outcome: { status: "ok", prints: /alive/ },
};

/** Attacks by bash kernels, and by the programs of Python and Node that they run. */
export const bashAttacks: Attack[] = [
  attempt("read a file of the host", "cat /etc/passwd || true", refused(/No such file/)),
  cell("read through a link", "ln -s {SECRET} l; cat l || true", refused(/No such file/)),
  attempt("list the project", "ls {PROJECT} || true", refused(/No such file/)),
  attempt("read the server's variables", 'echo "[$ATTACK_SECRET]"; env', {
    status: "ok",
    prints: /\[\]/,
    not: /ATTACK_SECRET/,
  }),
  attempt(
    "reach the server",
    "curl http://127.0.0.1:{PORT}/api/kernels || true",
    refused(/not found/),
  ),
  attempt(
    "read a file of the host with Python",
    "python -c \"print(open('/etc/passwd').read())\" || true",
    refused(/FileNotFoundError/),
  ),
  attempt(
    "reach the server with Python",
    "python -c \"import urllib.request as u; u.urlopen('http://127.0.0.1:{PORT}/api/kernels')\" || true",
    refused(/Error/),
  ),
  attempt(
    "import a package of Deno's cache with Python",
    'python -c "import asyncio, pyodide.code as c; asyncio.run(c.run_js(\'import(\\"npm:zod@4.6.7\\")\'))" || true',
    refused(/cannot import|Error/),
  ),
  attempt(
    "import a module of Deno with Python, which was let import when it started",
    'python -c "import asyncio, pyodide.code as c; asyncio.run(c.run_js(\'import(\\"node:fs\\")\'))" || true',
    refused(/cannot import|Error/),
  ),
  attempt(
    "find what Python was given to start with",
    "python -c \"import js; print(hasattr(js, 'MessageChannel'), hasattr(js.process, 'getBuiltinModule'))\"",
    { status: "ok", prints: /False False/ },
  ),
  attempt(
    "read a file of the host with Node",
    "node -e \"fs.readFileSync('{SECRET}', 'utf8')\" || true",
    refused(/ENOENT/),
  ),
  attempt(
    "fetch with Node",
    "node -e \"fetch('http://127.0.0.1:{PORT}')\" || true",
    refused(/fetch is not/),
  ),
  ...["child_process", "worker_threads", "vm", "inspector", "http"].map((module) =>
    attempt(
      `import ${module} with Node`,
      `node -e "require('node:${module}')" || true`,
      refused(/Cannot import/),
    )
  ),
  ...["npm:zod@4.6.7", "file:///etc/passwd", "https://example.com/x.js", "data:text/javascript,1"]
    .map((
      module,
    ) =>
      attempt(
        `import ${module} with Node`,
        `node --input-type=module -e "await import('${module}')" || true`,
        refused(/Cannot (import|find)|must be|Invalid/),
      )
    ),
  cell(
    "leave the realm of a program by a function of the kernel",
    "node -e \"console.log.constructor('return globalThis')().kernelSecret = 1; console.log('ATTACKED')\" || true",
    refused(/EvalError|disallowed/),
    { notInWorker: "the engine can forbid it only for a whole process" },
  ),
  attempt(
    "find Node's own modules",
    "node -p 'typeof process.getBuiltinModule + typeof process.binding'",
    {
      status: "ok",
      prints: /undefinedundefined/,
    },
  ),
  cell("compute for ever", "while :; do :; done", { status: "interrupted" }, {
    timeoutMs: 200,
    then: alive,
  }),
  cell("compute for ever in Python", "echo begun; python -c 'while True: pass'; echo ATTACKED", {
    status: "interrupted",
  }, { timeoutMs: 4_000, then: alive }),
  cell("compute for ever in Node", "node -e 'while (true) { try { for (;;); } catch {} }'", {
    status: "interrupted",
  }, { timeoutMs: 500, then: alive }),
  cell("wait for ever in Node", "node -e 'setInterval(() => {}, 1)'", { status: "interrupted" }, {
    timeoutMs: 500,
    then: alive,
  }),
  cell("start itself again and again", "f() { f | f & }; f || true", { status: "contained" }, {
    timeoutMs: 2_000,
    then: alive,
  }),
  cell(
    "fill the files",
    "printf 'x%.0s' {1..1000} > b; for i in 1 2 3 4 5 6 7 8 9; do cat b b > c && mv c b; done; " +
      "for i in $(seq 1 60); do cp b big$i || exit 9; done",
    raises(/status 9/),
    { usesUp: true, then: alive },
  ),
  cell(
    "fill Python's memory",
    'python -c "x = []\nwhile True: x.append(bytearray(10_000_000))" || true',
    refused(/MemoryError/),
    { then: alive },
  ),
  cell(
    "write to a read-only mount with Python, Node and the shell",
    "echo x | tee /data/in.txt; python -c \"open('/data/in.txt', 'w')\"; " +
      "node -e \"fs.writeFileSync('/data/in.txt', 'x')\"; cat /data/in.txt",
    { status: "ok", prints: /PermissionError[^]*EACCES[^]*mounted/ },
    {
      kernel: {
        language: "bash",
        mounts: [{ root: "{MOUNT}", mountPoint: "/data", access: "ro" }],
      },
      then: alive,
    },
  ),
];
