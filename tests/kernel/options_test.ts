import assert from "node:assert/strict";
import { KernelError, KernelMode, type KernelOptions } from "../../kernel/mod.ts";
import { DEFAULT_LIMITS } from "../../kernel/limits/limits.ts";
import { parseDelay, parseExecuteOptions, parseKernelOptions } from "../../kernel/options.ts";

Deno.test("parseKernelOptions() fills in the defaults", () => {
  const { id, ...rest } = parseKernelOptions({});
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    namespace: undefined,
    mode: KernelMode.WORKER,
    mounts: [],
    permissions: {},
    javascript: false,
    packages: [],
    inactivityTimeout: 0,
    maxExecutionTime: 0,
    limits: DEFAULT_LIMITS,
    env: {},
    cwd: "/home/pyodide",
  });
});

Deno.test("parseKernelOptions() puts the namespace before the id", () => {
  assert.equal(parseKernelOptions({ id: "a", namespace: "team" }).id, "team:a");
});

Deno.test("parseKernelOptions() takes the older form of a mount", () => {
  assert.deepEqual(parseKernelOptions({ filesystem: { enabled: true, root: "/data" } }).mounts, [
    { root: "/data", mountPoint: "/home/pyodide", access: "rw" },
  ]);
  assert.deepEqual(parseKernelOptions({ filesystem: { enabled: false } }).mounts, []);
});

for (
  const [options, message] of [
    [{ id: "no spaces" }, /Cannot create kernel: id: use 1 to 128 letters/],
    [{ id: "" }, /: id: use 1 to 128/],
    [{ id: 7 }, /: id: .*string/],
    [{ namespace: "a:b" }, /: namespace: use 1 to 128/],
    [{ mode: "fast" }, /: mode: use "main_thread" or "process" or "worker"/],
    [
      { mounts: [{ root: "/x", mountPoint: "mnt" }] },
      /: mounts\.0\.mountPoint: use an absolute path/,
    ],
    [{ mounts: [{ root: "", mountPoint: "/m" }] }, /: mounts\.0\.root: name a host directory/],
    [
      { mounts: [{ root: "/x", mountPoint: "/m", access: "w" }] },
      /: mounts\.0\.access: use "ro" or "rw"/,
    ],
    [{ filesystem: { enabled: true } }, /: filesystem\.root: name the host directory/],
    [
      { deno: { permissions: { read: "all" } } },
      /: deno\.permissions\.read: use true, false or a list/,
    ],
    [{ deno: { permissions: { everything: true } } }, /: deno\.permissions: .*everything/],
    [{ deno: { permissions: { net: [""] } } }, /: deno\.permissions\.net/],
    [
      { mode: "main_thread", deno: { permissions: { net: true } } },
      /: deno\.permissions: a "main_thread" kernel always has this process's permissions/,
    ],
    [{ inactivityTimeout: -1 }, /: inactivityTimeout: use 0 \(never\) or more/],
    [{ inactivityTimeout: 2 ** 31 }, /: inactivityTimeout: use at most 2147483647/],
    [{ maxExecutionTime: 1.5 }, /: maxExecutionTime: use whole milliseconds/],
    [{ maxExecutionTime: NaN }, /: maxExecutionTime: /],
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
      () => parseKernelOptions(options as unknown as KernelOptions),
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
  assert.throws(() => parseExecuteOptions({ silently: true }), /Cannot execute: .*silently/);
  assert.throws(() => parseExecuteOptions({ signal: "stop" }), /Cannot execute: signal: /);
});

Deno.test("parseDelay() answers a delay that a timer can keep", () => {
  assert.equal(parseDelay(0, "Cannot wait"), 0);
  assert.throws(() => parseDelay(Infinity, "Cannot wait"), /^KernelError: Cannot wait: /);
});
