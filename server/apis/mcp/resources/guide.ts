import type { McpServer } from "@modelcontextprotocol/server";
import type { AgentContext } from "../agents/context.ts";

/** Offers the guide, which an agent reads once to use the server well. */
export function registerGuide(server: McpServer, context: AgentContext): void {
  server.registerResource(
    "guide",
    "guide://python",
    {
      title: "How to use this Python well",
      description: "What is installed, what WebAssembly cannot do, how to show plots and tables",
      mimeType: "text/markdown",
      annotations: { audience: ["assistant"], priority: 0.8 },
    },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: "text/markdown", text: guide(context) }],
    }),
  );
}

function guide({ services: { facts, agents } }: AgentContext): string {
  const { kernel } = facts.limits;
  const seconds = kernel.executionSeconds === 0 ? "any time" : `${kernel.executionSeconds} s`;
  return `# Python on this server

- CPython in WebAssembly (Pyodide). The standard library is there; packages are installed when they are
  needed: \`packages=["pandas"]\` in run_code, install_packages, or \`%pip install NAME\` in the code.
  An import of a known package installs it by itself.
- Packages with compiled code need a build for Pyodide: numpy, pandas, scipy, scikit-learn, matplotlib,
  pillow, statsmodels, networkx and many others have one. Wheels without compiled code work.
- There are no threads, subprocesses, sockets and GPUs. \`await\` works at the top level; use asyncio.
- There is no network unless the server grants it to the session.
- Show a plot with \`plt.show()\`; show a table by ending the code with it. \`display(x)\` shows more.
- Large data belongs into files: \`files\` in run_code, or the tool files. \`artifacts\` links results.
- A call is answered after ${
    agents.waitMs / 1000
  } s at the latest; the run goes on. read_output(run, wait) waits,
  read_output(run, offset) reads what was left out, interrupt(run) stops.
- A session has ${kernel.memoryMiB} MiB of memory and ${kernel.filesMiB} MiB for files; one run may take ${seconds}.
- A session ends after a time without work, and its variables and files with it.
- A failed run keeps the variables that it has made. \`%timeit\`, \`%who\` and other magics work.
`;
}
