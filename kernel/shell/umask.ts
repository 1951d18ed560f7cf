import type { CommandResult, ShellCommand } from "./just_bash.ts";
import { readMode, symbolicMode } from "./mode_texts.ts";

/** The place of the mask that a shell's new files obey. */
export interface Umask {
  /** The permissions that new files do not get. */
  umask: number;
}

const PERMISSIONS = 0o777;

/** Makes the command that shows and sets a mask. */
export function umaskCommand(files: Umask): ShellCommand {
  // deno-lint-ignore require-await -- a command is asynchronous
  return async (args) => {
    const isOption = (arg: string) => /^-[Sp]+$/.test(arg);
    const options = args.filter(isOption).join("");
    const [wanted] = args.filter((arg) => !isOption(arg) && arg !== "--");
    if (wanted === undefined) return printed(`${shown(files.umask, options)}\n`);
    const isNumber = /^\d/.test(wanted);
    const mode = readMode(wanted, ~files.umask & PERMISSIONS);
    if (mode === undefined || isNumber && wanted.length > 4) {
      const reason = isNumber ? "octal number out of range" : "invalid symbolic mode";
      return { stdout: "", stderr: `bash: umask: ${wanted}: ${reason}\n`, exitCode: 1 };
    }
    // A number is the mask itself; changes are those of the permissions that the mask leaves.
    files.umask = (isNumber ? mode : ~mode) & PERMISSIONS;
    return printed(options.includes("S") ? `${symbolicMode(~files.umask)}\n` : "");
  };
}

function printed(stdout: string): CommandResult {
  return { stdout, stderr: "", exitCode: 0 };
}

function shown(mask: number, options: string): string {
  const symbolic = options.includes("S");
  const value = symbolic ? symbolicMode(~mask) : mask.toString(8).padStart(4, "0");
  return options.includes("p") ? `umask ${symbolic ? "-S " : ""}${value}` : value;
}
