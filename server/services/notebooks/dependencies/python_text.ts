/** Cell magics whose cell is Python all the same. */
const PYTHON_MAGICS = /^%%(time|timeit|capture|prun)\b/;

/**
 * Returns the Python of a cell with everything at its place: what only a notebook understands, such as magics
 * and commands, is blank. A cell that is in another language is empty.
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
  if (/^\s*[%!?]/.test(line) || /^\s*[\w.]+\?{1,2}\s*$/.test(line)) return "";
  // The result of a command or a magic has a name.
  return line.replace(/^(\s*[\w\s,]+=\s*)[!%][^=].*$/, "$1None");
}
