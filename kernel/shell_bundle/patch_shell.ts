/** The place where the shell executes the script of one call. */
const EXECUTION = /=await (new [\w$]+\([\w$]+,([\w$]+)\))\.executeScript\(([\w$]+)\);/;
const PARAMETERS = /async execInScope\([\w$]+,([\w$]+),/;
/** The place where `ls` writes an empty line before each of its arguments but the first. */
const LISTING =
  /let ([\w$]+)=[\w$]+\[([\w$]+)\];if\(\2>0&&([\w$]+)&&!\3\.endsWith\(`\n\n`\)&&\(\3=[\w$]+\(([\w$]+),/;
/** The place where `awk` measures its argument. */
const AWK_LENGTH =
  /(\(([\w$]+),([\w$]+),([\w$]+)\)\{return \2\.length===0\?\3\.line\.length:)([\w$]+\(await \4\.evalExpr\(\2\[0\]\)\)\.length)/;
/** The place where `awk` reads a name that may be that of a function. */
const AWK_NAME =
  /\.IDENT\)\)\{let ([\w$]+)=this\.advance\(\)\.value;if\(this\.check\([\w$]+\.LPAREN\)\)\{this\.advance\(\);let [\w$]+=\[\];if\(this\.skipNewlines\(\)/;
/** The place where a pattern of names is expanded. */
const GLOB = /async expand\(([\w$]+)\)\{(?=if\(this\.globstar\))/;
/** The beginning of the function that executes the script in a file. */
const SCRIPT_FILE = /async executeUserScript\(([\w$]+),([\w$]+),([\w$]+)=""\)\{/;
/** The beginning of the function that executes one statement. */
const STATEMENT = /async executeStatement\(([\w$]+)\)\{/;
/** Comparisons in the order of a language: files and lines have that of the characters' numbers, as in the locale C. */
const COLLATION =
  /([\w$.]+(?:\[[\w$]+\](?:\.[\w$]+)?)?)\.localeCompare\(([\w$.]+(?:\[[\w$]+\])?)\)/g;
/** The places where `ls` writes the same permissions for all files, or for all directories. */
const PERMISSIONS = /([\w$]+)\.isDirectory\?"drwxr-xr-x":"-rw-r--r--"/g;
/** The place where `ls` writes the line of a file that it was given. */
const FILE_LINE =
  /(let ([\w$]+)=await [\w$]+\.fs\.stat\([\w$]+\);if\(!\2\.isDirectory\)\{.{0,200}return\{stdout:`)-rw-r--r--/;
/** A function that writes the kind and the permissions of a file, of its facts. */
const SHOWN_PERMISSIONS = `(({isDirectory,mode})=>(isDirectory?"d":"-")+` +
  `Array.from("rwxrwxrwx",(it,at)=>mode&256>>at?it:"-").join("")` +
  `.replace(/.$/,it=>mode&512?it==="x"?"t":"T":it))`;
/** The shell asks the process for this variable of somebody's tests. */
const TEST_VARIABLE = /process\.env\.__MINIMATCH_TESTING_PLATFORM__/g;

/**
 * Returns the bundled source of the pinned shell as the body of a function, changed in these ways: a call with a
 * `session` is executed by that session, see `ShellSession`; `ls` lists files without gaps and with their permissions; `length` of `awk` may
 * stand alone, and counts the elements of an array; a pattern that ends with a slash names directories; names and lines have
 * the order of their characters' numbers; a script whose first line names Python or Node is theirs; a script rests
 * before a statement when its function `sleep` has a function `rest` and that gives a promise.
 * Throws when the source is not that of the pinned version.
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
  const [measure, before, args, machine, , plainLength] = matchOnly(source, AWK_LENGTH);
  const array = `${machine}.arrays[${args}[0].name]`;
  const length =
    `${before}${args}[0].type==="variable"&&${array}?Object.keys(${array}).length:${plainLength}`;
  const [expansion, pattern] = matchOnly(source, GLOB);
  // A pattern that ends with a slash names directories.
  const ofDirectories = `if(/[^/]\\/+$/.test(${pattern})){let all=[];` +
    `for(let it of await this.expand(${pattern}.replace(/\\/+$/,"")))` +
    `if((await this.fs.stat(this.fs.resolvePath(this.cwd,it)).catch(()=>({}))).isDirectory)all.push(it+"/");` +
    `return all}`;
  const [opening, file, words, input] = matchOnly(source, SCRIPT_FILE);
  const ofInterpreter =
    `let program=/^#!.*\\b(python|node)[\\d.]*[ \\t\\r]*(?:\\n|$)/.exec(await this.ctx.fs.readFile(${file}).catch(()=>""));` +
    `if(program)return this.runCommand(program[1],[${file},...${words}],[],${input});`;
  const [statement] = matchOnly(source, STATEMENT);
  const [line, beforeLine, facts] = matchOnly(source, FILE_LINE);
  const [reading, name2] = matchOnly(source, AWK_NAME);
  const named = reading!.replace(
    ";if(",
    () =>
      `;if(${name2}==="length"&&!this.check(${reading!.split("this.check(")[1]!.split(")")[0]}))` +
      `return{type:"call",name:${name2},args:[]};if(`,
  );
  return source.replace(whole!, () => patched)
    .replace(expansion!, () => expansion! + ofDirectories)
    .replace(measure!, () => length)
    .replace(
      statement!,
      () => statement! + "let rest=this.ctx.sleep?.rest?.();if(rest)await rest;",
    )
    .replace(opening!, () => opening! + ofInterpreter)
    .replace(reading!, () => named)
    .replace(COLLATION, (_, one, other) => `(${one}<${other}?-1:${one}>${other}?1:0)`)
    .replace(
      listing!,
      () => listing!.replace(`if(${index}>0`, () => `if(${index}>0&&${isDirectory}`),
    )
    .replace(line!, () => `${beforeLine}\${${SHOWN_PERMISSIONS}(${facts})}`)
    .replace(PERMISSIONS, (_, it) => `${SHOWN_PERMISSIONS}(${it})`)
    .replace(TEST_VARIABLE, "undefined");
}

/** Returns the parts of the only match. */
function matchOnly(source: string, pattern: RegExp): string[] {
  const found = [...source.matchAll(new RegExp(pattern, "g"))];
  if (found.length === 1) return [...found[0]!];
  throw new Error(`Cannot change the shell: ${found.length} matches of ${pattern}`);
}
