/** The commands that the shell's library lacks, or knows less of than scripts expect. */
import type { ShellCommand } from "../just_bash.ts";
import { adaptedCommands } from "./adapted.ts";
import { archiveCommands } from "./archives.ts";
import { bc } from "./bc.ts";
import { modeCommands } from "./modes.ts";
import { dumpCommands } from "./dumps.ts";
import { systemCommands } from "./system.ts";
import { CommandFailure } from "./words.ts";
import { zipCommands } from "./zip.ts";

/** The commands by their names. */
export const shellCommands: Record<string, ShellCommand> = Object.fromEntries(
  Object.entries({
    ...adaptedCommands,
    ...archiveCommands,
    bc,
    ...dumpCommands,
    ...modeCommands,
    ...systemCommands,
    ...zipCommands,
  }).map(([name, run]) => [name, guarded(name, run)]),
);

/** Makes an error of a command its message, as a shell shows it. */
function guarded(name: string, run: ShellCommand): ShellCommand {
  return async (args, context, receive) => {
    try {
      return await run(args, context, receive);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const exitCode = error instanceof CommandFailure ? error.exitCode : 1;
      return { stdout: "", stderr: `${name}: ${reason}\n`, exitCode };
    }
  };
}
