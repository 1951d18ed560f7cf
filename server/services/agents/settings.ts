/** The names of the tools that agents can be offered. */
export const TOOL_NAMES = [
  "run_code",
  "read_output",
  "interrupt",
  "sessions",
  "files",
  "install_packages",
  "notebook_read",
  "notebook_edit",
  "notebook_run",
  "run_python_code",
] as const;

/** The name of a tool that agents can be offered. */
export type ToolName = typeof TOOL_NAMES[number];

/** The offer of a server to agents. */
export interface AgentSettings {
  /** The tools that are offered; without any, the server does not speak MCP. */
  readonly tools: readonly ToolName[];
  /** The longest time that a call waits for a run, in milliseconds; the run goes on after it. */
  readonly waitMs: number;
  /** The most characters of a run's text in one answer. */
  readonly outputCharacters: number;
  /** `own`: agents reach the sessions that agents made; `all`: they reach every kernel by its id. */
  readonly kernels: "own" | "all";
}
