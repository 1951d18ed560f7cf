/** Prints how many milliseconds a plain `loadPyodide()` takes to its first result in this fresh process. */
import { loadPyodide } from "npm:pyodide@314.0.7/pyodide.mjs";

const start = performance.now();
const pyodide = await loadPyodide();
pyodide.runPython("1 + 1");
console.log(performance.now() - start);
