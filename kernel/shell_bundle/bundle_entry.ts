/** The part of just-bash that kernels use, and the programs of its commands; set-up bundles both into one script. */
import { parse } from "npm:acorn@8.19.0";
import { nodePrograms } from "../javascript/node_command.ts";
import type { ShellPrograms } from "../shell/just_bash.ts";

export { Bash, defineCommand, getCommandNames } from "npm:just-bash@3.4.2/browser";

/** The programs of commands that the library lacks. */
export const programs: ShellPrograms = nodePrograms(parse);
