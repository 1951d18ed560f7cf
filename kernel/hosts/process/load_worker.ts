/** A program that loads the main module of a worker, so that Deno keeps what it compiles of it. */
const [entry] = Deno.args;
const source = `import ${JSON.stringify(entry)}; self.postMessage(null);`;
const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module" });
worker.addEventListener("message", () => worker.terminate());
