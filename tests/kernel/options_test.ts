import assert from "node:assert/strict";
import { KernelError, KernelMode, type KernelOptions } from "../../kernel/mod.ts";
import { DEFAULT_LIMITS } from "../../kernel/limits/limits.ts";
import {
  type OptionRules,
  parseDelay,
  parseExecuteOptions,
  parseKernelOptions,
} from "../../kernel/options.ts";

const RULES: OptionRules = {
  languages: [
    { language: "python", home: "/home/pyodide" },
    { language: "echo", home: "/echo" },
  ],
};

Deno.test("parseKernelOptions() fills in the defaults", () => {
  const { id, ...rest } = parseKernelOptions({}, RULES);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    namespace: undefined,
    language: "python",
    mode: KernelMode.WORKER,
    mounts: [],
    permissions: {},
    tools: {},
    remote: undefined,
    remoteLanguage: undefined,
    allowEval: false,
    packages: [],
    inactivityTimeoutMs: 0,
    maxExecutionTimeMs: 0,
    limits: DEFAULT_LIMITS,
    env: {},
    cwd: "/home/pyodide",
  });
});

Deno.test("parseKernelOptions() puts the namespace before the id", () => {
  assert.equal(parseKernelOptions({ id: "a", namespace: "team" }, RULES).id, "team:a");
});

Deno.test("parseKernelOptions() takes the older form of a mount", () => {
  const filesystem = { enabled: true, root: "/data" };
  assert.deepEqual(parseKernelOptions({ filesystem }, RULES).mounts, [
    { root: "/data", mountPoint: "/home/pyodide", access: "rw" },
  ]);
  assert.deepEqual(parseKernelOptions({ filesystem: { enabled: false } }, RULES).mounts, []);
});

Deno.test("parseKernelOptions() takes the home directory of the language", () => {
  const spec = parseKernelOptions(
    { language: "echo", filesystem: { enabled: true, root: "/data" } },
    RULES,
  );
  assert.equal(spec.language, "echo");
  assert.equal(spec.cwd, "/echo");
  assert.deepEqual(spec.mounts.map(({ mountPoint }) => mountPoint), ["/echo"]);
});

Deno.test("parseKernelOptions() takes the older names of options", () => {
  const limits = { memoryMb: 100, filesMb: 7 };
  const older = { javascript: true, inactivityTimeout: 5, maxExecutionTime: 6, limits };
  const spec = parseKernelOptions(older, RULES);
  assert.deepEqual(
    [spec.allowEval, spec.inactivityTimeoutMs, spec.maxExecutionTimeMs],
    [true, 5, 6],
  );
  assert.deepEqual(spec.limits, { ...DEFAULT_LIMITS, memoryMiB: 100, filesMiB: 7 });
  const newer = {
    allowEval: true,
    inactivityTimeoutMs: 5,
    maxExecutionTimeMs: 6,
    limits: { memoryMiB: 100, filesMiB: 7 },
  };
  assert.deepEqual({ ...parseKernelOptions(newer, RULES), id: spec.id }, spec);
});

for (
  const [options, message] of [
    [{ id: "no spaces" }, /Cannot create kernel: id: use 1 to 128 letters/],
    [{ id: "" }, /: id: use 1 to 128/],
    [{ id: 7 }, /: id: .*string/],
    [{ namespace: "a:b" }, /: namespace: use 1 to 128/],
    [{ mode: "fast" }, /: mode: use "main_thread" or "process" or "remote" or "worker"/],
    [
      { mounts: [{ root: "/x", mountPoint: "mnt" }] },
      /: mounts\.0\.mountPoint: use an absolute path/,
    ],
    [{ mounts: [{ root: "", mountPoint: "/m" }] }, /: mounts\.0\.root: name a directory/],
    [
      { mounts: [{ root: "/x", mountPoint: "/m", access: "w" }] },
      /: mounts\.0\.access: use "ro" or "rw"/,
    ],
    [{ filesystem: { enabled: true } }, /: filesystem\.root: name the directory to mount/],
    [
      { deno: { permissions: { read: "all" } } },
      /: deno\.permissions\.read: use true, false or a list/,
    ],
    [{ deno: { permissions: { everything: true } } }, /: deno\.permissions: .*everything/],
    [{ deno: { permissions: { net: [""] } } }, /: deno\.permissions\.net/],
    [
      { deno: { permissions: { net: ["a.example", "b.example,c.example"] } } },
      /: deno\.permissions\.net\.1: use hosts such as/,
    ],
    [{ deno: { permissions: { env: ["A\0B"] } } }, /: deno\.permissions\.env\.0: NUL is not/],
    [
      { mode: "main_thread", deno: { permissions: { net: true } } },
      /: deno\.permissions: a "main_thread" kernel always has this process's permissions/,
    ],
    [{ inactivityTimeout: -1 }, /: inactivityTimeout: use 0 \(never\) or more/],
    [{ inactivityTimeout: 2 ** 31 }, /: inactivityTimeout: use at most 2147483647/],
    [{ maxExecutionTime: 1.5 }, /: maxExecutionTime: use whole milliseconds/],
    [{ maxExecutionTime: NaN }, /: maxExecutionTime: /],
    [{ maxExecutionTimeMs: 1.5 }, /: maxExecutionTimeMs: use whole milliseconds/],
    [{ inactivityTimeout: 1, inactivityTimeoutMs: 1 }, /: inactivityTimeout: .* older name of/],
    [{ javascript: true, allowEval: true }, /: javascript: .* older name of allowEval/],
    [{ limits: { memoryMb: 64, memoryMiB: 64 } }, /: limits\.memoryMb: .* older name of memoryMiB/],
    [{ language: "cobol" }, /: language: there is no "cobol"; use "python" or "echo"/],
    [{ env: { "A=B": "x" } }, /: env\.A=B: /],
    [{ env: { A: 1 } }, /: env\.A: /],
    [{ env: { A: "\0" } }, /: env\.A: NUL is not allowed/],
    [{ cwd: "here" }, /: cwd: use an absolute path/],
    [{ inactivityTimeOut: 5 }, /inactivityTimeOut/],
    [{ id: "a b", cwd: "here" }, /: id: .*; cwd: /],
  ] as const
) {
  Deno.test(`parseKernelOptions() names what is wrong when given ${JSON.stringify(options)}`, () => {
    // Given by JavaScript, which has no types.
    assert.throws(
      () => parseKernelOptions(options as unknown as KernelOptions, RULES),
      (error: unknown) => {
        assert.ok(error instanceof KernelError);
        assert.equal(error.code, "invalid_argument");
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

Deno.test("parseExecuteOptions() names what is wrong", () => {
  assert.throws(() => parseExecuteOptions({ timeout: -5 }), /Cannot execute: timeout: use 0/);
  assert.throws(() => parseExecuteOptions({ timeoutMs: -5 }), /Cannot execute: timeoutMs: use 0/);
  const bothNames = { timeout: 5, timeoutMs: 5 };
  assert.throws(() => parseExecuteOptions(bothNames), /timeout: .* older name of timeoutMs/);
  for (
    const [wrong, message] of [
      [{ silently: true }, /Cannot execute: .*silently/],
      [{ signal: "stop" }, /Cannot execute: signal: /],
    ] as const
  ) {
    // Given by JavaScript, which has no types.
    assert.throws(() => parseExecuteOptions(wrong as object), message);
  }
  assert.deepEqual(parseExecuteOptions({ timeout: 5 }), { timeoutMs: 5 });
});

Deno.test("parseDelay() answers a delay that a timer can keep", () => {
  assert.equal(parseDelay(0, "Cannot wait"), 0);
  assert.throws(() => parseDelay(Infinity, "Cannot wait"), /^KernelError: Cannot wait: /);
});
