import assert from "node:assert/strict";

const MODULE = import.meta.resolve("../../../../kernel/hosts/worker/imports.ts");

/** Runs JavaScript in a worker whose imports are restricted, and answers what it returns. */
async function inWorker(code: string, { granted = false } = {}): Promise<unknown> {
  const source = `
    import { restrictImports } from ${JSON.stringify(MODULE)};
    const attempt = (specifier, options) =>
      import(specifier, options).then(() => "imported", (error) => String(error?.message ?? error));
    restrictImports(${granted});
    self.postMessage(await (async () => { ${code} })());`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  try {
    return await promise;
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}

const REFUSED = /A kernel cannot import/;

for (
  const specifier of [
    "node:worker_threads",
    "node:module",
    "fs",
    "npm:zod",
    "jsr:@std/path",
    "https://example.com/module.js",
    import.meta.resolve("../../../../kernel/errors.ts"),
    "data:text/javascript,export default 1",
    "data:text/typescript,export default 1 as number",
    "ext:core/ops",
    "./module.js",
  ]
) {
  Deno.test(`restrictImports() refuses ${specifier.slice(0, 40)}`, async () => {
    const answer = await inWorker(`return await attempt(${JSON.stringify(specifier)});`);
    assert.match(String(answer), REFUSED);
  });
}

for (
  const [how, expression] of [
    ["a blob", "attempt(URL.createObjectURL(new Blob(['1'], { type: 'text/javascript' })))"],
    ["JSON", "attempt('data:application/json,{}', { with: { type: 'json' } })"],
    ["code from a string", "eval(\"import('node:os')\").then(String, String)"],
    [
      "a function from a string",
      "new Function(\"return import('node:os')\")().then(String, String)",
    ],
  ] as const
) {
  Deno.test(`restrictImports() refuses an import by ${how}`, async () => {
    assert.match(String(await inWorker(`return await ${expression};`)), REFUSED);
  });
}

const EVIL = "(specifier, context, next) => next(specifier, context)";
for (
  const tampering of [
    `Object.defineProperty(Array.prototype, "0", { get: () => ${EVIL}, set() {} })`,
    `Object.defineProperty(Object.prototype, "0", { get: () => ${EVIL}, set() {} })`,
    `Object.setPrototypeOf(Array.prototype, { get 0() { return ${EVIL} }, set 0(_) {} })`,
    `Object.defineProperty(Object.prototype, "resolve", { get: () => null, set() {} })`,
    `Object.defineProperty(Object.prototype, "error", { get: () => undefined, set() {} })`,
    `Array.prototype.push = () => 0`,
    `Array.prototype.some = () => true`,
    `Array.prototype[Symbol.iterator] = function* () {}`,
    `String.prototype.startsWith = () => true`,
    `Function.prototype.call = () => true`,
    `Function.prototype.apply = () => ({ url: "node:os", shortCircuit: true })`,
    `Error.prototype.toString = () => { throw 1 }`,
    `String.prototype.toString = () => { throw 1 }`,
  ]
) {
  Deno.test(`restrictImports() holds after ${tampering}`, async () => {
    const code = `try { ${tampering} } catch {} return await attempt("node:os");`;
    for (const granted of [false, true]) {
      assert.notEqual(await inWorker(code, { granted }), "imported");
    }
  });
}

Deno.test("restrictImports() leaves addresses to Deno's own permission when importing was granted", async () => {
  const far = await inWorker(
    `return await attempt("http://127.0.0.1:1/module.js");`,
    { granted: true },
  );
  assert.doesNotMatch(String(far), REFUSED);
  const own = await inWorker(`return await attempt("node:os");`, { granted: true });
  assert.match(String(own), REFUSED);
});
