import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";

/** The longest path on Linux. */
const MAX_PATH_LENGTH = 4_095;
/** The deepest path; a kernel takes most of a minute to make two thousand directories in each other. */
const MAX_PATH_PARTS = 500;

/** A path inside a session. */
export const pathField = z.string().min(1).max(MAX_PATH_LENGTH).refine(
  (path) => path.split("/").length <= MAX_PATH_PARTS,
  `use at most ${MAX_PATH_PARTS} names in one path`,
).describe("A path in the session, absolute or from its working directory");

/** The content of a file, in one of two forms. */
export const contentFields = {
  text: z.string().optional().describe("The content as text, which is written as UTF-8"),
  base64: z.string().optional().describe("The content as Base64, for what is no text"),
};

/**
 * Returns the bytes of a content.
 *
 * @throws {ServiceError} `invalid_argument`.
 */
export function bytesOf(
  { path, text, base64 }: {
    path: string;
    text?: string | undefined;
    base64?: string | undefined;
  },
): Uint8Array {
  if ((text === undefined) === (base64 === undefined)) {
    throw new ServiceError(
      "invalid_argument",
      `Cannot write "${path}": give either text or base64`,
    );
  }
  if (text !== undefined) return new TextEncoder().encode(text);
  try {
    return Uint8Array.fromBase64(base64!);
  } catch (cause) {
    throw new ServiceError("invalid_argument", `Cannot write "${path}": base64: it is not Base64`, {
      cause,
    });
  }
}
