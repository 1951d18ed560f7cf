import type { MimeBundle } from "../events.ts";

/** A file or directory inside a kernel. */
export interface FileEntry {
  /** The last part of its path. */
  name: string;
  /** Its absolute path inside the kernel. */
  path: string;
  /** Its type, or the type of what a link leads to; `link` is a link that leads nowhere. */
  type: "file" | "directory" | "link" | "other";
  /** Its size in bytes. */
  size: number;
  /** The time of its last change, as ISO 8601. */
  modified: string;
  /** True when the kernel may write to it. */
  writable: boolean;
}

/** An installed package. */
export interface InstalledPackage {
  /** Its name. */
  name: string;
  /** Its version. */
  version: string;
}

/** A variable that cells have made. */
export interface Variable {
  /** Its name. */
  name: string;
  /** The name of its class. */
  type: string;
  /** One line that describes its value. */
  summary: string;
  /** The memory that its value takes without the values that it refers to, in bytes; null when unknown. */
  bytes: number | null;
  /** The number of its items, as `len()` counts them; null when it has no length. */
  length: number | null;
  /** The shape of an array or table; null for other values. */
  shape: number[] | null;
}

/** The texts that could stand at the cursor. */
export interface Completion {
  /** Each of them replaces the code from `cursorStart` to `cursorEnd`. */
  matches: string[];
  /** The first replaced position, in Unicode code points. */
  cursorStart: number;
  /** The position after the last replaced one, in Unicode code points. */
  cursorEnd: number;
  /** Further facts about the matches, such as their types. */
  metadata: Record<string, unknown>;
}

/** A description of the name at the cursor. */
export interface Inspection {
  /** False when nothing is known of it; the data is then empty. */
  found: boolean;
  /** The description in each of its formats, by MIME type. */
  data: MimeBundle;
  /** Facts about the formats, by MIME type. */
  metadata: Record<string, unknown>;
}

/** The answer to "could this code be executed as it is?". */
export interface Completeness {
  /** `incomplete` code needs at least one more line. */
  status: "complete" | "incomplete" | "invalid" | "unknown";
  /** The whitespace that the next line of incomplete code should begin with. */
  indent: string;
}

/** Selects past inputs. */
export interface HistoryQuery {
  /** Selects by number (`range`), the last ones (`tail`), or by pattern (`search`). */
  accessType: "range" | "tail" | "search";
  /** Returns outputs as well. @default false */
  output?: boolean;
  /** Returns inputs as they were typed, and not with their magics transformed. @default true */
  raw?: boolean;
  /** For a range: the session, of which 0 is the current one. */
  session?: number;
  /** For a range: the first line. */
  start?: number;
  /** For a range: the line after the last one. */
  stop?: number;
  /** For a tail or a search: the largest number of entries. */
  n?: number;
  /** For a search: a glob. */
  pattern?: string;
  /** For a search: returns equal inputs once. */
  unique?: boolean;
}

/** Session, line, and the input, or a pair of the input and its output. */
export type HistoryEntry = [number, number, string | [string, string | null]];

/** The description of a kernel's language and implementation. */
export interface LanguageInfo {
  /** The name of the implementation. */
  implementation: string;
  /** The version of the implementation. */
  implementationVersion: string;
  /** A greeting for a terminal. */
  banner: string;
  /** The language, in the shape of Jupyter's `language_info`. */
  languageInfo: Record<string, unknown>;
  /** The optional parts of Jupyter's protocol that the kernel has, such as `debugger`. @default none */
  supportedFeatures?: string[] | undefined;
}
