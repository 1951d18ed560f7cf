/** The place where the shell executes the script of one call. */
const EXECUTION = /=await (new [\w$]+\([\w$]+,([\w$]+)\))\.executeScript\(([\w$]+)\);/;
const PARAMETERS = /async execInScope\([\w$]+,([\w$]+),/;
/** The shell asks the process for this variable of somebody's tests. */
const TEST_VARIABLE = /process\.env\.__MINIMATCH_TESTING_PLATFORM__/g;

/**
 * Returns the bundled source of the pinned shell as the body of a function, changed so that a call with a
 * `session` is executed by that session; see `ShellSession`. Throws when the source is not that of the pinned
 * version.
 */
export function patchShell(source: string): string {
  const [, options] = matchOnly(source, PARAMETERS);
  const [whole, interpreter, state, script] = matchOnly(source, EXECUTION);
  const patched = `=await(${options}?.session?` +
    `${options}.session.execute(${interpreter},${script},${state},this):` +
    `${interpreter}.executeScript(${script}));`;
  return source.replace(whole!, () => patched).replace(TEST_VARIABLE, "undefined");
}

/** Returns the parts of the only match. */
function matchOnly(source: string, pattern: RegExp): string[] {
  const found = [...source.matchAll(new RegExp(pattern, "g"))];
  if (found.length === 1) return [...found[0]!];
  throw new Error(`Cannot change the shell: ${found.length} matches of ${pattern}`);
}
