import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { complete } from "../api/kernels.ts";
import { fromCodePoints, toCodePoints } from "./positions.ts";

/**
 * The deadline for a kernel's reply, in milliseconds: a busy kernel does not reply. A late reply is still of use
 * to somebody who waits for it, and is left out once the text has changed.
 */
export const ANSWER_DEADLINE_MS = 10_000;

/** CodeMirror's completion types by the kernel's types. */
const KINDS: Record<string, string> = {
  function: "function",
  class: "class",
  module: "namespace",
  instance: "variable",
  statement: "variable",
  keyword: "keyword",
  magic: "keyword",
  path: "text",
  param: "property",
  property: "property",
};

/** Returns a completion source that asks the kernel; a busy kernel gives no completions. */
export function kernelCompletion(kernelId: () => string | null) {
  return async function kernelCompletion(
    context: CompletionContext,
  ): Promise<CompletionResult | null> {
    const id = kernelId();
    const word = context.matchBefore(/[\w.%/"'[\]]+$/);
    if (id === null || (!context.explicit && (!word || word.text.length < 2))) return null;
    const text = context.state.doc.toString();
    const aborted = new AbortController();
    context.addEventListener("abort", () => aborted.abort());
    const signal = AbortSignal.any([aborted.signal, AbortSignal.timeout(ANSWER_DEADLINE_MS)]);
    try {
      const reply = await complete(id, text, toCodePoints(text, context.pos), signal);
      if (reply.matches.length === 0 || !context.view?.hasFocus) return null;
      const kinds = kindsOf(reply.metadata);
      return {
        from: fromCodePoints(text, reply.cursorStart),
        to: fromCodePoints(text, reply.cursorEnd),
        options: reply.matches.map((label, index) => option(label, kinds.get(label), -index)),
        validFor: /^[\w.]*$/,
      };
    } catch {
      return null; // A kernel that is busy or gone has no completions.
    }
  };
}

function option(label: string, kind: string | undefined, boost: number): Completion {
  const type = kind === undefined ? undefined : KINDS[kind];
  return { label, boost: Math.max(boost, -99), ...(type !== undefined && { type }) };
}

/** Reads the type of each match from the metadata field that Jupyter reserves for experiments. */
function kindsOf(metadata: Record<string, unknown>): Map<string, string> {
  const types = metadata["_jupyter_types_experimental"];
  if (!Array.isArray(types)) return new Map();
  return new Map(types.map(({ text, type }) => [String(text), String(type)]));
}
