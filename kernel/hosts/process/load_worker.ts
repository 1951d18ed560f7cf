/** A program that loads a worker's main module, so that Deno stores the compiled modules in `DENO_DIR`. */
const [entry] = Deno.args;
const source = `import ${JSON.stringify(entry)}; self.postMessage(null);`;
const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module" });
worker.addEventListener("message", () => worker.terminate());
