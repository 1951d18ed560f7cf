import { getMimeType } from "hono/utils/mime";
import { HttpError } from "../../../errors/http_error.ts";
import { notOfType } from "./content_errors.ts";

/** A file or directory as Jupyter's clients read it. */
export interface ContentsModel {
  name: string;
  /** From the notebook directory on, with "/". */
  path: string;
  type: "directory" | "file" | "notebook";
  writable: boolean;
  created: string;
  last_modified: string;
  mimetype: string | null;
  /** Entries, a notebook, or text or base64; null when it was not asked for. */
  content: unknown;
  format: "json" | "text" | "base64" | null;
  /** In bytes. */
  size: number | null;
  hash?: string;
  hash_algorithm?: string;
}

/** What of a file or directory is asked for. */
export interface ReadOptions {
  type?: ContentsModel["type"] | undefined;
  format?: "text" | "base64" | undefined;
  /** @default true */
  content?: boolean;
  /** @default false */
  hash?: boolean;
}

/** What is saved. */
export interface SavedContent {
  type: ContentsModel["type"];
  format?: "json" | "text" | "base64" | null | undefined;
  content?: unknown;
  /** A part of a large file: 1 begins it, -1 ends it. */
  chunk?: number | undefined;
}

/** A file's bytes as a client reads them. */
export function decode(
  path: string,
  bytes: Uint8Array,
  asNotebook: boolean,
  format: ReadOptions["format"],
): Pick<ContentsModel, "content" | "format" | "mimetype"> {
  const text = format === "base64" ? undefined : textOf(bytes);
  if (asNotebook) {
    try {
      return { content: JSON.parse(text ?? ""), format: "json", mimetype: null };
    } catch (cause) {
      throw new HttpError(400, "invalid_argument", `"${path}" is no notebook: it is not JSON`, {
        cause,
      });
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

/** What a client saves as a file's bytes, or text. */
export function encode(path: string, { type, format, content }: SavedContent): Uint8Array | string {
  if (type === "notebook") {
    if (typeof content === "object" && content !== null && "cells" in content) {
      return `${JSON.stringify(content, null, 1)}\n`;
    }
    throw new HttpError(400, "invalid_argument", `Cannot write "${path}": content: use a notebook`);
  }
  if (typeof content !== "string") {
    throw new HttpError(400, "invalid_argument", `Cannot write "${path}": content: use a string`);
  }
  if (format !== "base64") return content;
  try {
    return Uint8Array.fromBase64(content);
  } catch (cause) {
    const message = `Cannot write "${path}": content: it is not base64`;
    throw new HttpError(400, "invalid_argument", message, { cause });
  }
}
