import type { ToolName } from "../../../services/agents/settings.ts";
import type { Services } from "../../../services/mod.ts";
import type { Tool } from "../agents/tool.ts";
import { files } from "./files.ts";
import { installPackages } from "./install_packages.ts";
import { interrupt } from "./interrupt.ts";
import { notebookEdit } from "./notebook_edit.ts";
import { notebookRead } from "./notebook_read.ts";
import { notebookRun } from "./notebook_run.ts";
import { readOutput } from "./read_output.ts";
import { runCode } from "./run_code.ts";
import { runPythonCode } from "./run_python_code.ts";
import { sessions } from "./sessions.ts";

/** All tools by name. */
const TOOLS: Readonly<Record<ToolName, Tool>> = {
  run_code: runCode,
  read_output: readOutput,
  interrupt,
  sessions,
  files,
  install_packages: installPackages,
  notebook_read: notebookRead,
  notebook_edit: notebookEdit,
  notebook_run: notebookRun,
  run_python_code: runPythonCode,
};

/** Lists the tools that a server offers: those of its settings that it has the means for. */
export function offeredTools({ agents, liveNotebooks }: Services): Tool[] {
  return agents.tools.filter((name) => liveNotebooks || !name.startsWith("notebook_"))
    .map((name) => TOOLS[name]);
}
