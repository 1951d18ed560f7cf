/** The languages that single cells of a notebook can have, beside the notebook's own. */
import { isObject, type JsonObject } from "./notebook_format.ts";

/** A language of a cell in a Python notebook. */
export interface CellLanguage {
  name: string;
  displayName: string;
  /** The magic by which a Python kernel runs it. */
  magic: string;
  /** The name that editors store for it. */
  editorId: string;
}

/** The languages that a cell of a Python notebook can have. */
export const CELL_LANGUAGES: readonly CellLanguage[] = [
  { name: "sql", displayName: "SQL", magic: "%%sql", editorId: "sql" },
  { name: "bash", displayName: "Bash", magic: "%%bash", editorId: "shellscript" },
  { name: "javascript", displayName: "JavaScript", magic: "%%node", editorId: "javascript" },
  { name: "typescript", displayName: "TypeScript", magic: "%%typescript", editorId: "typescript" },
];

/** The member of a cell's metadata in which editors store its language, and the member inside of it. */
const EDITOR = "vscode";
const LANGUAGE_ID = "languageId";

/** Returns the language that a cell's metadata states; null for the notebook's own, and for one that is not known. */
export function statedCellLanguage(metadata: JsonObject): string | null {
  const editor = metadata[EDITOR];
  const id = isObject(editor) ? editor[LANGUAGE_ID] : undefined;
  return CELL_LANGUAGES.find(({ name, editorId }) => id === editorId || id === name)?.name ?? null;
}

/** Returns a cell's metadata with another language; null: the notebook's own. */
export function withCellLanguage(metadata: JsonObject, language: string | null): JsonObject {
  if (statedCellLanguage(metadata) === language) return metadata;
  const { [EDITOR]: stated, ...rest } = metadata;
  const { [LANGUAGE_ID]: _, ...editor } = isObject(stated) ? stated : {};
  const id = CELL_LANGUAGES.find(({ name }) => name === language)?.editorId;
  if (id !== undefined) return { ...rest, [EDITOR]: { ...editor, [LANGUAGE_ID]: id } };
  return Object.keys(editor).length > 0 ? { ...rest, [EDITOR]: editor } : rest;
}

/** Returns the language in which the code of a cell is written, in a notebook of that language. */
export function cellLanguage(language: string | null, notebookLanguage: string): string {
  return notebookLanguage === "python" && language !== null ? language : notebookLanguage;
}

/** Returns the code by which a notebook's kernel runs a cell: a cell of another language gets its magic. */
export function codeToRun(
  source: string,
  language: string | null,
  notebookLanguage: string,
): string {
  const own = cellLanguage(language, notebookLanguage);
  // The magic that a cell begins with says more than its metadata.
  if (own === notebookLanguage || /^\s*%%/.test(source)) return source;
  return `${CELL_LANGUAGES.find(({ name }) => name === own)!.magic}\n${source}`;
}
