import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";
import type { VNode } from "preact";

/** The longest code that is coloured, in characters. */
const MAX_COLOURED = 100_000;

/** Code that is shown and not edited. */
export function StaticCode({ source, isPython }: { source: string; isPython: boolean }) {
  const parts: (string | VNode)[] = [];
  if (isPython && source.length <= MAX_COLOURED) {
    highlightCode(
      source,
      parser.parse(source),
      classHighlighter,
      (text, classes) => parts.push(classes ? <span class={classes}>{text}</span> : text),
      () => parts.push("\n"),
    );
  } else parts.push(source);
  return <pre class="static-code" tabIndex={0}>{parts}</pre>;
}
