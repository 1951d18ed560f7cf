/** Prints how long a plain Pyodide that has started takes to load a package and import it, in ms. */
import { loadPyodide } from "npm:pyodide@314.0.7";

const [url = "", name = "", code = ""] = Deno.args;
const lock = await (await fetch(`${url}/pyodide-lock.json`)).text();
const pyodide = await loadPyodide({ lockFileContents: lock, packageBaseUrl: `${url}/` });
pyodide.runPython("1");
const start = performance.now();
await pyodide.loadPackage(name, { messageCallback() {} });
await pyodide.runPythonAsync(code);
console.log(performance.now() - start);
