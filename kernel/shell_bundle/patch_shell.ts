/** The place where the shell executes the script of one call. */
const EXECUTION = /=await (new [\w$]+\([\w$]+,([\w$]+)\))\.executeScript\(([\w$]+)\);/;
const PARAMETERS = /async execInScope\([\w$]+,([\w$]+),/;
/** The place where `ls` writes an empty line before each of its arguments but the first. */
const LISTING =
  /let ([\w$]+)=[\w$]+\[([\w$]+)\];if\(\2>0&&([\w$]+)&&!\3\.endsWith\(`\n\n`\)&&\(\3=[\w$]+\(([\w$]+),/;
/** The shell asks the process for this variable of somebody's tests. */
const TEST_VARIABLE = /process\.env\.__MINIMATCH_TESTING_PLATFORM__/g;

/**
 * Returns the bundled source of the pinned shell as the body of a function, changed so that a call with a
 * `session` is executed by that session, see `ShellSession`, and so that `ls` lists files without gaps. Throws when the source is not that of the pinned
 * version.
 */
export function patchShell(source: string): string {
  const [, options] = matchOnly(source, PARAMETERS);
  const [whole, interpreter, state, script] = matchOnly(source, EXECUTION);
  const patched = `=await(${options}?.session?` +
    `${options}.session.execute(${interpreter},${script},${state},this):` +
    `${interpreter}.executeScript(${script}));`;
  const [listing, name, index, , context] = matchOnly(source, LISTING);
  const isDirectory =
    `(await ${context}.fs.stat(${context}.fs.resolvePath(${context}.cwd,${name}))` +
    `.catch(()=>({}))).isDirectory`;
  return source.replace(whole!, () => patched)
    .replace(
      listing!,
      () => listing!.replace(`if(${index}>0`, () => `if(${index}>0&&${isDirectory}`),
    )
    .replace(TEST_VARIABLE, "undefined");
}

/** Returns the parts of the only match. */
function matchOnly(source: string, pattern: RegExp): string[] {
  const found = [...source.matchAll(new RegExp(pattern, "g"))];
  if (found.length === 1) return [...found[0]!];
  throw new Error(`Cannot change the shell: ${found.length} matches of ${pattern}`);
}
