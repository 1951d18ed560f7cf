import { statSync } from "node:fs";
import { z } from "zod";
import { messageOf } from "../../errors/service_error.ts";
import { writeAtomically } from "../files/atomic_write.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../files/bounded_json.ts";
import { readRegularFileSync } from "../files/regular_file.ts";
import { type TokenEntry, tokenEntrySchema } from "./token.ts";

/** The most tokens of one server. */
export const MAX_TOKENS = 10_000;

const content = z.strictObject({
  tokens: z.array(tokenEntrySchema).max(MAX_TOKENS, `use at most ${MAX_TOKENS} tokens`),
});

/** Says what is wrong with a file of tokens. */
export class TokenFileError extends Error {
  override readonly name = "TokenFileError";
}

/** The file in which a server's tokens are kept. */
export class TokenFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Changes whenever somebody writes the file; undefined: there is no file. */
  get stamp(): string | undefined {
    const info = statSync(this.#path, { throwIfNoEntry: false });
    return info && `${info.mtimeMs}:${info.size}:${info.ino}`;
  }

  /**
   * Reads the tokens; a file that does not exist has none.
   *
   * @throws {TokenFileError} naming the entry and what is wrong with it.
   */
  read(): TokenEntry[] {
    let json: unknown;
    try {
      json = parseJson(readRegularFileSync(this.#path), DOCUMENT_BOUNDS);
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return [];
      throw this.#error(messageOf(error), error);
    }
    const result = content.safeParse(json);
    if (!result.success) {
      const [issue] = result.error.issues;
      const where = issue?.path.length ? `${issue.path.join(".")}: ` : "";
      throw this.#error(`${where}${issue?.message}`);
    }
    const { tokens } = result.data;
    for (const [name, valueOf] of UNIQUE) {
      const values = tokens.map(valueOf);
      const twice = values.findIndex((it, index) => values.indexOf(it) !== index);
      if (twice >= 0) throw this.#error(`tokens.${twice}.${name}: another token has it too`);
    }
    return tokens;
  }

  /** Writes the tokens; others than the server's user cannot read them. */
  async write(tokens: readonly TokenEntry[]): Promise<void> {
    const text = `${JSON.stringify({ tokens }, undefined, 2)}\n`;
    await writeAtomically(this.#path, text, { mode: 0o600 });
  }

  #error(reason: string, cause?: unknown): TokenFileError {
    return new TokenFileError(`${this.#path}: ${reason}`, { cause });
  }
}

/** What no two tokens have in common. */
const UNIQUE: [string, (entry: TokenEntry) => string][] = [
  ["sha256", ({ sha256 }) => sha256],
  ["id", ({ id, sha256 }) => id ?? sha256.slice(0, 12)],
];
