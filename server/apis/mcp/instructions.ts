/** Tells an agent in a few words how to use the server. */
export const INSTRUCTIONS =
  "This server runs Python. run_code keeps variables, imports and files in a session: pass the session " +
  "of an earlier answer to go on there. The value of the last expression is shown, and so are plots: " +
  "call plt.show(), or end with the figure. Give data as files rather than in code. Long runs go on " +
  "after the answer: read_output waits for them, interrupt stops them. Python is CPython in WebAssembly " +
  "(Pyodide): there are no threads, subprocesses or sockets, and no network unless the server grants it. " +
  "The resource guide://python tells more.";
