import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { LanguageSupport, StreamLanguage } from "@codemirror/language";
import { sqlite } from "@codemirror/legacy-modes/mode/sql";
import { shell } from "@codemirror/legacy-modes/mode/shell";

const SUPPORTS: ReadonlyMap<string, LanguageSupport> = new Map([
  ["python", python()],
  ["javascript", javascript({ jsx: true })],
  ["typescript", javascript({ typescript: true })],
  ["sql", new LanguageSupport(StreamLanguage.define(sqlite))],
  ["bash", new LanguageSupport(StreamLanguage.define(shell))],
]);

/** Returns the editor's support for a language of code; undefined for one that it does not know. */
export function codeSupport(language: string): LanguageSupport | undefined {
  return SUPPORTS.get(language);
}
