/** A `ScriptLanguage` says in which form code of a language is a file of its own. */
export interface ScriptLanguage {
  displayName: string;
  /** The extension of its files, without the dot. */
  extension: string;
  mimeType: string;
  /** The beginning of a comment that ends with its line. */
  comment: string;
}

const LANGUAGES: ReadonlyMap<string, ScriptLanguage> = new Map(Object.entries({
  python: { displayName: "Python", extension: "py", mimeType: "text/x-python", comment: "#" },
  javascript: {
    ...{ displayName: "JavaScript", extension: "js", mimeType: "text/javascript", comment: "//" },
  },
  typescript: {
    ...{ displayName: "TypeScript", extension: "ts", mimeType: "text/typescript", comment: "//" },
  },
  bash: { displayName: "Bash", extension: "sh", mimeType: "application/x-sh", comment: "#" },
}));

/** Returns the form of files of a language; text with `#` comments for one that is not known here. */
export function scriptLanguage(name: string): ScriptLanguage {
  return LANGUAGES.get(name) ??
    { displayName: "text", extension: "txt", mimeType: "text/plain", comment: "#" };
}
