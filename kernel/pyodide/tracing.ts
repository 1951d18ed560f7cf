import type { Pyodide, PythonFunction } from "./emscripten.ts";

/** The numbers of tools that `sys.monitoring` has. */
const TOOLS = 6;
/** The kernel's own debugger, whose callbacks stay. */
const OWN_TOOL = "deno_kernel";
/** The number of that debugger. */
const OWN_ID = 3;

/** The callbacks by which the user's code watches all code of Python, the kernel's own included. */
export class Tracing {
  // These functions are written in C, and looked up before they are needed: that runs no code that is watched.
  readonly #getTool: PythonFunction;
  readonly #clearTool: PythonFunction;
  readonly #freeTool: PythonFunction;
  readonly #setTrace: PythonFunction;
  readonly #setProfile: PythonFunction;
  readonly #getTrace: PythonFunction;
  readonly #getProfile: PythonFunction;

  constructor(pyodide: Pyodide) {
    const sys = pyodide.pyimport("sys");
    const monitoring = pyodide.pyimport("sys.monitoring");
    this.#getTool = monitoring["get_tool"]!;
    this.#clearTool = monitoring["clear_tool_id"]!;
    this.#freeTool = monitoring["free_tool_id"]!;
    this.#setTrace = sys["settrace"]!;
    this.#setProfile = sys["setprofile"]!;
    this.#getTrace = sys["gettrace"]!;
    this.#getProfile = sys["getprofile"]!;
  }

  /**
   * Removes the callbacks, so that what they raise does not keep the kernel from working; returns false when there
   * are none.
   */
  remove(): boolean {
    let found = this.#getTrace() !== undefined || this.#getProfile() !== undefined;
    for (let id = 0; id < TOOLS; id++) {
      const tool = this.#getTool(id);
      if (typeof tool !== "string" || (id === OWN_ID && tool === OWN_TOOL)) continue;
      found = true;
      this.#clearTool(id);
      this.#freeTool(id);
    }
    this.#setTrace(undefined);
    this.#setProfile(undefined);
    return found;
  }
}
