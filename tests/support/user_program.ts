/** Runs a program as a user does, and returns what it prints; fails when the program does. */
export async function runProgram(program: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
