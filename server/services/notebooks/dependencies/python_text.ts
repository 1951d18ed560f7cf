/** Cell magics whose cell is Python all the same. */
const PYTHON_MAGICS = /^%%(time|timeit|capture|prun)\b/;

/** Magics whose line is Python after their options. */
const PYTHON_LINE_MAGICS = /^(\s*)%(?:time|timeit|prun|memit)\b(?:\s+-\w+(?:\s*\d+)?)*\s*/;

/**
 * Returns the Python of a cell, line by line: what only a notebook understands, such as magics and commands, is
 * left out, but for the names that a command takes from Python. A cell that is in another language is empty.
 */
export function pythonText(source: string): string {
  const lines = source.split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  if (lines[first]?.startsWith("%%")) {
    if (!PYTHON_MAGICS.test(lines[first])) return "";
    lines[first] = "";
  }
  return lines.map(pythonLine).join("\n");
}

function pythonLine(line: string): string {
  if (PYTHON_LINE_MAGICS.test(line)) return line.replace(PYTHON_LINE_MAGICS, "$1");
  const command = /^(\s*)!(.*)$/.exec(line);
  if (command) return `${command[1]}${namesTaken(command[2]!)}`;
  if (/^\s*[%!?]/.test(line) || /^\s*[\w.]+\?{1,2}\s*$/.test(line)) return "";
  // The result of a command or a magic has a name.
  return line.replace(
    /^(\s*[\w\s,]+=\s*)([!%])([^=].*)$/,
    (_, target: string, kind: string, rest: string) =>
      target + (kind === "!" && namesTaken(rest) || "None"),
  );
}

/** Returns the names that a command takes from Python, as `{name}` or `$name`, as an expression. */
function namesTaken(command: string): string {
  const taken = command.matchAll(
    /\{([\p{L}_][\p{L}\p{N}_.]*)\}|(?<!\$)\$([\p{L}_][\p{L}\p{N}_]*)/gu,
  );
  const names = Array.from(taken, ([, inBraces, afterDollar]) => inBraces ?? afterDollar);
  return names.length > 0 ? `(${names.join(", ")})` : "";
}
