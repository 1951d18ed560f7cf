import { scriptLanguage } from "./languages.ts";
import { isObject, type JsonObject } from "./notebook_format.ts";

/** The facts of a kind of kernel that notebooks say in their metadata. */
export interface NotebookKind {
  name: string;
  displayName: string;
  language: string;
}

const DEFAULT_LANGUAGE = "python";
/** The name of Python's kernel in the notebooks of every server. */
const PYTHON = "python3";

/** The metadata of notebooks for the default kernel, which other servers understand too. */
export const PYTHON_METADATA = {
  kernelspec: { name: PYTHON, display_name: "Python 3", language: DEFAULT_LANGUAGE },
  language_info: { name: DEFAULT_LANGUAGE },
};

/** Returns the metadata with which a notebook says that its cells are for a kind of kernel. */
export function kindMetadata({ name, displayName, language }: NotebookKind): JsonObject {
  if (name === DEFAULT_LANGUAGE) return PYTHON_METADATA;
  const { extension, mimeType } = scriptLanguage(language);
  return {
    kernelspec: { name, display_name: displayName, language },
    language_info: { name: language, file_extension: `.${extension}`, mimetype: mimeType },
  };
}

/** Returns the language of a notebook's code as its metadata says. */
export function languageOf(metadata: JsonObject): string {
  return statedLanguage(metadata) ?? DEFAULT_LANGUAGE;
}

/**
 * Returns the kind of kernel that runs a notebook's cells: the one that its metadata names, else one of its
 * language, else the first, which is the default; undefined when there are no kinds.
 */
export function kindFor<T extends NotebookKind>(
  metadata: JsonObject,
  kinds: readonly T[],
): T | undefined {
  const name = statedName(metadata);
  const language = statedLanguage(metadata);
  return kinds.find((it) => it.name === name) ??
    kinds.find((it) => it.language === language) ?? kinds[0];
}

/** Returns the kind of kernel or the language that a notebook asks for and that is not among the kinds. */
export function missingKind(
  metadata: JsonObject,
  kinds: readonly NotebookKind[],
): string | undefined {
  const name = statedName(metadata);
  if (name === PYTHON || kinds.some((it) => it.name === name)) return undefined;
  const language = statedLanguage(metadata);
  return name ?? (kinds.some((it) => it.language === language) ? undefined : language);
}

function statedName({ kernelspec }: JsonObject): string | undefined {
  return isObject(kernelspec) ? textOf(kernelspec["name"]) : undefined;
}

function statedLanguage({ kernelspec, language_info: info }: JsonObject): string | undefined {
  const stated = (isObject(kernelspec) ? textOf(kernelspec["language"]) : undefined) ??
    (isObject(info) ? textOf(info["name"]) : undefined);
  return stated?.toLowerCase();
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
