import { applySgr, sgrOf, type TextStyle } from "./text_style.ts";

/**
 * Applies carriage returns and backspaces as a terminal does: text after a carriage return overwrites
 * the line from its start, which keeps progress bars on one line. Takes time in proportion to the text.
 */
export function terminalText(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.replaceAll("\r\n", "\n").split("\n").map(overwrite).join("\n");
}

/** A `Place` is one column of a line: its character and the sequence that sets its style. */
interface Place {
  character: string;
  style: string;
}

/**
 * Leaves out of a long text what was written over: of each line it keeps the text after the last carriage
 * return. It is quick, and differs from a terminal where a shorter text was written over a longer one.
 */
export function lastWritten(text: string): string {
  if (!text.includes("\r")) return text;
  return text.split("\n").map((line) => {
    const ended = line.endsWith("\r") ? line.slice(0, -1) : line;
    return ended.slice(ended.lastIndexOf("\r") + 1);
  }).join("\n");
}

const EMPTY: Place = { character: " ", style: "" };

function overwrite(line: string): string {
  if (!/[\r\b]/.test(line)) return line;
  const places: Place[] = [];
  let at = 0;
  let state: TextStyle = {};
  // One short sequence for the whole state: a line may have any number of codes.
  let style = "";
  // deno-lint-ignore no-control-regex -- the escape character starts a colour
  for (const [token] of line.matchAll(/\x1b\[[0-9;]*[A-Za-z]|[^]/gu)) {
    if (token === "\r") at = 0;
    else if (token === "\b") at = Math.max(0, at - 1);
    else if (token === "\x1b[K" || token === "\x1b[0K") places.length = at;
    else if (token.length > 2 && token.startsWith("\x1b")) {
      if (!token.endsWith("m")) continue;
      state = applySgr(state, token);
      style = sgrOf(state);
    } else places[at++] = { character: token, style };
  }
  return write(Array.from(places, (place) => place ?? EMPTY), style);
}

/** Writes places as text, with codes where the colours change; `last` applies at the end. */
function write(places: Place[], last: string): string {
  let text = "";
  let current = "";
  for (const { character, style } of [...places, { character: "", style: last }]) {
    if (style !== current) text += `${current === "" ? "" : "\x1b[0m"}${style}`;
    current = style;
    text += character;
  }
  return text;
}
