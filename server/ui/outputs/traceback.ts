/** A part of a traceback: text that is shown, or frames of libraries in a row, which are folded. */
export type TracebackPart =
  | { type: "shown"; text: string }
  | { type: "library"; frames: string[] };

/** The beginning of a frame, without colours. */
const FRAME = /^(?:File (.+?):\d+(?:, in |\s*$)|Cell )/;

/** The places of Python's own files and of installed packages. */
const LIBRARY = /(^|\/)(lib\/python[\d.]*(\.zip)?|site-packages|dist-packages)\/|^<frozen /;

/** Folds the frames of libraries, unless the traceback has no others: the reader's own code stays in sight. */
export function tracebackParts(traceback: readonly string[]): TracebackPart[] {
  const kinds = traceback.map(kindOf);
  if (!kinds.includes("own")) return [{ type: "shown", text: traceback.join("\n") }];
  const parts: TracebackPart[] = [];
  for (const [at, text] of traceback.entries()) {
    const last = parts.at(-1);
    if (kinds[at] === "library") {
      if (last?.type === "library") last.frames.push(text);
      else parts.push({ type: "library", frames: [text] });
    } else if (last?.type === "shown") last.text += `\n${text}`;
    else parts.push({ type: "shown", text });
  }
  return parts;
}

/**
 * Returns a traceback without the lines that only say what the line above it says: a rule, the exception's name,
 * and at the end the name with a message of one line.
 */
export function withoutNames(
  traceback: readonly string[],
  ename: string,
  evalue: string,
): string[] {
  const isHead = (line: string) =>
    /^-{20,}$/.test(line) ||
    (line.startsWith(ename) && line.endsWith("Traceback (most recent call last)"));
  const start = traceback.findIndex((text) => !isHead(withoutColours(text).trim()));
  const rest = start < 0 ? [] : traceback.slice(start);
  const isSaid = rest.at(-1)?.includes("\n") === false &&
    withoutColours(rest.at(-1)!).trim() === (evalue ? `${ename}: ${evalue}` : ename);
  return isSaid ? rest.slice(0, -1) : rest;
}

/** Returns the file names of frames, for the line that stands for these. */
export function filesOf(frames: readonly string[]): string[] {
  const names = frames.map((frame) => fileOf(frame)?.split("/").slice(-2).join("/") ?? "");
  return [...new Set(names)].filter((name) => name !== "");
}

function kindOf(text: string): "own" | "library" | "other" {
  const plain = withoutColours(text);
  if (!FRAME.test(plain)) return "other";
  const file = fileOf(text);
  return file !== undefined && LIBRARY.test(file) ? "library" : "own";
}

function fileOf(frame: string): string | undefined {
  return FRAME.exec(withoutColours(frame))?.[1];
}

function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex -- the escape character starts a colour
  return text.slice(0, 2_000).replaceAll(/\x1b\[[0-9;]*m/g, "").split("\n", 1)[0]!;
}
