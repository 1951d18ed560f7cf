/** The longest time that a client's program takes, in milliseconds. */
const MAX_MS = 240_000;

/** Runs a program to its end; returns what it printed. Throws with that when the program fails. */
export async function run(command: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    ...(cwd !== undefined && { cwd }),
    stdin: "null",
    signal: AbortSignal.timeout(MAX_MS),
  }).output();
  const printed = new TextDecoder().decode(stdout);
  if (code === 0) return printed;
  const errors = new TextDecoder().decode(stderr);
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${printed}\n${errors}`);
}
