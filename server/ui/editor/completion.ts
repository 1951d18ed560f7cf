import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { complete } from "../api/kernels.ts";
import { fromCodePoints, toCodePoints } from "./positions.ts";

/** How long a kernel may take to answer, in milliseconds: one that computes does not. */
export const ANSWER_DEADLINE_MS = 1_500;

/** What CodeMirror shows beside a name, by what the kernel says it is. */
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

/** Completions from a kernel; none while it computes. */
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
      return null; // The kernel is busy or gone: there is nothing to suggest.
    }
  };
}

function option(label: string, kind: string | undefined, boost: number): Completion {
  const type = kind === undefined ? undefined : KINDS[kind];
  return { label, boost: Math.max(boost, -99), ...(type !== undefined && { type }) };
}

/** The kernel says of what kind each match is where Jupyter's experiments have it. */
function kindsOf(metadata: Record<string, unknown>): Map<string, string> {
  const types = metadata["_jupyter_types_experimental"];
  if (!Array.isArray(types)) return new Map();
  return new Map(types.map(({ text, type }) => [String(text), String(type)]));
}
