/**
 * Text as a terminal would show it: a carriage return goes back to the start of the line and what
 * follows writes over it (so that progress bars do not pile up), a backspace goes back one character.
 */
export function terminalText(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.replaceAll("\r\n", "\n").split("\n").map(overwrite).join("\n");
}

/** A cell of a line: a character with the colour codes before it. */
function overwrite(line: string): string {
  if (!/[\r\b]/.test(line)) return line;
  const cells: string[] = [];
  let at = 0;
  let colours = "";
  // deno-lint-ignore no-control-regex -- the escape character starts a colour
  for (const [token] of line.matchAll(/\x1b\[[0-9;]*[A-Za-z]|[^]/gu)) {
    if (token === "\r") at = 0;
    else if (token === "\b") at = Math.max(0, at - 1);
    else if (token === "\x1b[K" || token === "\x1b[0K") cells.length = at;
    else if (token.length > 1 && token.startsWith("\x1b")) colours += token;
    else {
      cells[at++] = colours + token;
      colours = "";
    }
  }
  return Array.from(cells, (cell) => cell ?? " ").join("") + colours;
}
