/** Shows values by the conventions of Deno's own Jupyter kernel. */
import type { MimeBundle } from "../events.ts";

/** The method of objects that know how they are displayed. */
export const DISPLAY = Symbol.for("Jupyter.display");

/** Taken before the globals are reduced. */
const { inspect } = Deno;

const INSPECT_OPTIONS: Deno.InspectOptions = {
  depth: 5,
  iterableLimit: 100,
  strAbbreviateSize: 10_000,
};

/** Returns the text of a value, as a console shows it. */
export function inspectValue(value: unknown): string {
  return withoutKernelFrames(inspect(value, INSPECT_OPTIONS));
}

/** Removes the frames of the kernel from a text that shows a stack: they would name the server's paths. */
export function withoutKernelFrames(text: string): string {
  return text.includes("\n") ? text.replace(KERNEL_FRAMES, "") : text;
}

/** The frames of a stack that are the kernel's own; the members of an error may begin behind the last one. */
const KERNEL_FRAMES = /\n\s+at (.*[( ])?(ext:|node:|shell\.js|file:\/\/\S*\/kernel\/)\S*/g;

/** Returns a value in each of its formats. Methods of the value are called, and may throw. */
export async function formatValue(value: unknown): Promise<MimeBundle> {
  if (typeof value !== "object" && typeof value !== "function" || value === null) {
    return { "text/plain": inspectValue(value) };
  }
  const object = value as Record<PropertyKey, unknown>;
  if (typeof object[DISPLAY] === "function") return toBundle(await object[DISPLAY]());
  const picture = imageOf(value);
  if (picture) return picture;
  if (isElement(object)) {
    const type = object["nodeName"] === "svg" ? "image/svg+xml" : "text/html";
    return { [type]: object["outerHTML"], "text/plain": inspectValue(value) };
  }
  if (typeof object["toSpec"] === "function" && isVega(object)) {
    return {
      "application/vnd.vegalite.v5+json": object["toSpec"](),
      "text/plain": "Vega-Lite chart",
    };
  }
  return { "text/plain": inspectValue(value) };
}

/** Returns an image as a bundle when the bytes are those of one. */
export function imageOf(value: unknown): MimeBundle | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  const type = imageType(value);
  return type === undefined ? undefined : { [type]: value.toBase64() };
}

function imageType(bytes: Uint8Array): string | undefined {
  const begins = (...expected: number[]) => expected.every((byte, index) => bytes[index] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0x47, 0x49, 0x46, 0x38)) return "image/gif";
  return undefined;
}

function isElement(object: Record<PropertyKey, unknown>): boolean {
  return typeof object["outerHTML"] === "string" && typeof object["nodeName"] === "string";
}

function isVega(object: object): boolean {
  return "getSpec" in object || "toObject" in object || "toJSON" in object;
}

/**
 * Checks a bundle that user code has made.
 *
 * @throws {TypeError} when it is none.
 */
export function toBundle(value: unknown): MimeBundle {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("A display is an object with a value for each MIME type");
  }
  const entries = Object.entries(value).map(([type, data]) =>
    [type, data instanceof Uint8Array ? data.toBase64() : data] as const
  );
  // JSON would leave out a value that it cannot hold.
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
