import { classHighlighter, highlightCode } from "@lezer/highlight";
import type { VNode } from "preact";
import { codeSupport } from "../editor/code_support.ts";

/** The longest code that is coloured, in characters. */
const MAX_COLOURED = 100_000;

/** Code that is shown and not edited; null as its language is for text without colours. */
export function StaticCode({ source, language }: { source: string; language: string | null }) {
  const support = language === null ? undefined : codeSupport(language);
  const parts: (string | VNode)[] = [];
  if (support && source.length <= MAX_COLOURED) {
    highlightCode(
      source,
      support.language.parser.parse(source),
      classHighlighter,
      (text, classes) => parts.push(classes ? <span class={classes}>{text}</span> : text),
      () => parts.push("\n"),
    );
  } else parts.push(source);
  return <pre class="static-code" tabIndex={0}>{parts}</pre>;
}
