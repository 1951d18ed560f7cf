/**
 * Starts a plain Pyodide, and prints how many milliseconds it then takes to load a package and run some
 * code. The arguments are the URL of a distribution, names of packages with commas or "", and the code.
 */
import { loadPyodide } from "npm:pyodide@314.0.7";

const [url = "", names = "", code = ""] = Deno.args;
const lock = await (await fetch(`${url}/pyodide-lock.json`)).text();
const packageCacheDir = await Deno.makeTempDir();
const pyodide = await loadPyodide({
  lockFileContents: lock,
  packageBaseUrl: `${url}/`,
  packageCacheDir,
});
pyodide.runPython("1");
const start = performance.now();
if (names) await pyodide.loadPackage(names.split(","), { messageCallback() {} });
await pyodide.runPythonAsync(code);
console.log(performance.now() - start);
await Deno.remove(packageCacheDir, { recursive: true });
