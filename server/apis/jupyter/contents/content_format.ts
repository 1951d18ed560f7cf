import { getMimeType } from "hono/utils/mime";
import { z } from "zod";
import { HttpError } from "../../../errors/http_error.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../../../http/bounded_json.ts";
import { notebookText } from "../../../services/notebooks/format/notebook_text.ts";
import { notOfType } from "./content_errors.ts";

/** A file or directory as Jupyter's clients read it. */
export interface ContentsModel {
  name: string;
  /** Relative to the notebook directory, with "/". */
  path: string;
  type: "directory" | "file" | "notebook";
  writable: boolean;
  created: string;
  last_modified: string;
  mimetype: string | null;
  /** The directory's entries, the notebook, the text, or base64; null when it was not asked for. */
  content: unknown;
  format: "json" | "text" | "base64" | null;
  /** The size in bytes; null for a directory. */
  size: number | null;
  hash?: string;
  hash_algorithm?: string;
}

/** A notebook of any version; older ones have their cells in worksheets. */
const notebookSchema = z.looseObject({ cells: z.array(z.looseObject({})) })
  .or(z.looseObject({ worksheets: z.array(z.looseObject({})) }));

/** Options for reading a file or directory. */
export interface ReadOptions {
  type?: ContentsModel["type"] | undefined;
  format?: "text" | "base64" | undefined;
  /** True when the content is read. @default true */
  content?: boolean;
  /** True when the content is hashed. @default false */
  hash?: boolean;
}

/** Content that a client saves. */
export interface SavedContent {
  type: ContentsModel["type"];
  format?: "json" | "text" | "base64" | null | undefined;
  content?: unknown;
  /** The number of a part of a large file: 1 begins the file, -1 ends it. */
  chunk?: number | undefined;
}

/** Turns a file's bytes into the content that a client reads. */
export function decode(
  path: string,
  bytes: Uint8Array,
  asNotebook: boolean,
  format: ReadOptions["format"],
): Pick<ContentsModel, "content" | "format" | "mimetype"> {
  const text = format === "base64" ? undefined : textOf(bytes);
  if (asNotebook) {
    try {
      return {
        content: notebookSchema.parse(parseJson(text ?? "", DOCUMENT_BOUNDS)),
        format: "json",
        mimetype: null,
      };
    } catch (cause) {
      throw new HttpError(
        400,
        "invalid_argument",
        `"${path}" is no notebook: its content is not JSON with cells`,
        {
          cause,
        },
      );
    }
  }
  const known = getMimeType(path)?.split(";")[0];
  if (text !== undefined) {
    return { content: text, format: "text", mimetype: known ?? "text/plain" };
  }
  if (format === "text") throw notOfType(path, "a text in UTF-8");
  const content = bytes.toBase64();
  return { content, format: "base64", mimetype: known ?? "application/octet-stream" };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Turns the content that a client saves into a file's bytes or text. */
export function encode(path: string, { type, format, content }: SavedContent): Uint8Array | string {
  if (type === "notebook") {
    if (notebookSchema.safeParse(content).success) return notebookText(content);
    throw new HttpError(400, "invalid_argument", `Cannot write "${path}": content: use a notebook`);
  }
  if (typeof content !== "string") {
    throw new HttpError(400, "invalid_argument", `Cannot write "${path}": content: use a string`);
  }
  if (format !== "base64") return content;
  try {
    return Uint8Array.fromBase64(content);
  } catch (cause) {
    const message = `Cannot write "${path}": content: use base64`;
    throw new HttpError(400, "invalid_argument", message, { cause });
  }
}
