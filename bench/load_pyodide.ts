/** The peer: a plain `loadPyodide()` to its first result, in this fresh process; prints milliseconds. */
import { loadPyodide } from "npm:pyodide@314.0.7/pyodide.mjs";

const start = performance.now();
const pyodide = await loadPyodide();
pyodide.runPython("1 + 1");
console.log(performance.now() - start);
