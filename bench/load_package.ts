/** Prints how long a plain Pyodide that has started takes to load a package, if any, and import it, in ms. */
import { loadPyodide } from "npm:pyodide@314.0.7";

const [url = "", name = "", code = ""] = Deno.args;
const lock = await (await fetch(`${url}/pyodide-lock.json`)).text();
const packageCacheDir = await Deno.makeTempDir();
const pyodide = await loadPyodide({
  lockFileContents: lock,
  packageBaseUrl: `${url}/`,
  packageCacheDir,
});
pyodide.runPython("1");
const start = performance.now();
if (name) await pyodide.loadPackage(name, { messageCallback() {} });
await pyodide.runPythonAsync(code);
console.log(performance.now() - start);
await Deno.remove(packageCacheDir, { recursive: true });
