import { fileURLToPath } from "node:url";

/** The path of the shell's code, which set-up makes. */
export const SHELL_PATH: string = fileURLToPath(
  new URL("../../dist/kernel/shell.js", import.meta.url),
);

/**
 * Reads the shell's code.
 *
 * @throws {Error} when set-up has not been run.
 */
export async function readShell(): Promise<string> {
  try {
    return await Deno.readTextFile(SHELL_PATH);
  } catch (cause) {
    throw new Error("The shell is missing: run setup.sh, which makes it", { cause });
  }
}
