import type { ToolName } from "../../../services/agents/settings.ts";
import type { Tool } from "../agents/tool.ts";
import { files } from "./files.ts";
import { installPackages } from "./install_packages.ts";
import { interrupt } from "./interrupt.ts";
import { readOutput } from "./read_output.ts";
import { runCode } from "./run_code.ts";
import { runPythonCode } from "./run_python_code.ts";
import { sessions } from "./sessions.ts";

/** All tools by name. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  run_code: runCode,
  read_output: readOutput,
  interrupt,
  sessions,
  files,
  install_packages: installPackages,
  run_python_code: runPythonCode,
};
