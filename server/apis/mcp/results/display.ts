import type { MimeBundle } from "../../../../kernel/mod.ts";
import { plainText } from "./plain_text.ts";

/** An image of a bundle, as MCP carries it. */
export interface Image {
  mimeType: string;
  /** Base64. */
  data: string;
}

/** The images that models can look at. */
const IMAGES = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;

/** The formats that say more than the text of an object that has no representation, the best first. */
const TEXTS = [
  "text/markdown",
  "text/latex",
  "application/json",
  "text/html",
  "image/svg+xml",
] as const;

/** The text of an object without a representation, such as `<IPython.core.display.HTML object>`. */
const NO_REPRESENTATION = /^<[^\n]* (object|at 0x)[^\n]*>$/;

/** Returns the image of a bundle; undefined when there is none that models can look at. */
export function imageOf(data: MimeBundle): Image | undefined {
  for (const mimeType of IMAGES) {
    const value = data[mimeType];
    if (typeof value === "string") return { mimeType, data: value.replaceAll(/\s/g, "") };
  }
  return undefined;
}

/** Returns what a bundle says as text; empty when it says nothing. */
export function textOf(data: MimeBundle): string {
  const plain = textIn(data, "text/plain");
  if (plain !== "" && !NO_REPRESENTATION.test(plain)) return plain;
  for (const mimeType of TEXTS) {
    const text = textIn(data, mimeType);
    if (text !== "") return text;
  }
  return plain;
}

function textIn(data: MimeBundle, mimeType: string): string {
  const value = data[mimeType];
  if (value === undefined) return "";
  return plainText(typeof value === "string" ? value : JSON.stringify(value, undefined, 1));
}
