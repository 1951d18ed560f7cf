import { statSync } from "node:fs";
import { chown, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { messageOf } from "../../errors/service_error.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../files/bounded_json.ts";
import { readRegularFileSync } from "../files/regular_file.ts";
import { type TokenEntry, tokenEntrySchema } from "./token.ts";

/** The most tokens of one server. */
export const MAX_TOKENS = 10_000;

const content = z.strictObject({
  tokens: z.array(tokenEntrySchema).max(MAX_TOKENS, `use at most ${MAX_TOKENS} tokens`),
});

/** The longest time that somebody may need to change the file, in milliseconds; a lock that is older is void. */
const LOCK_MS = 5_000;
/** The time between two tries to lock the file, in milliseconds. */
const TRY_AGAIN_MS = 20;

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

  /** Changes whenever somebody writes the file, or changes its mode; undefined: there is no file. */
  get stamp(): string | undefined {
    const info = statSync(this.#path, { throwIfNoEntry: false });
    return info && `${info.mtimeMs}:${info.ctimeMs}:${info.size}:${info.ino}`;
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
      const seen = new Set<string>();
      const twice = tokens.findIndex((it) => seen.size === seen.add(valueOf(it)).size);
      if (twice >= 0) throw this.#error(`tokens.${twice}.${name}: another token has it too`);
    }
    return tokens;
  }

  /** Runs a task while no other program that uses this class changes the file. */
  async locked<T>(task: () => Promise<T>): Promise<T> {
    const lock = `${this.#path}.lock`;
    for (;;) {
      try {
        await (await open(lock, "wx")).close();
        break;
      } catch (error) {
        if ((error as { code?: unknown }).code !== "EEXIST") throw error;
        const made = await stat(lock).catch(() => undefined);
        if (made && Date.now() - made.mtimeMs > LOCK_MS) await rm(lock, { force: true });
        else await delay(TRY_AGAIN_MS);
      }
    }
    try {
      return await task();
    } finally {
      await rm(lock, { force: true });
    }
  }

  /**
   * Writes the tokens as a whole. The file keeps its owner and mode: the server may run as another user than
   * the one who makes tokens. Nobody but its maker can read a new one.
   */
  async write(tokens: readonly TokenEntry[]): Promise<void> {
    const draft = `${this.#path}.${crypto.randomUUID()}.tmp`;
    const present = await stat(this.#path).catch(() => undefined);
    const mode = present ? present.mode & 0o777 : 0o600;
    try {
      await writeFile(draft, `${JSON.stringify({ tokens }, undefined, 2)}\n`, { mode });
      // Only root can give a file away; others keep what they own.
      if (present) await chown(draft, present.uid, present.gid).catch(() => {});
      await rename(draft, this.#path);
    } finally {
      await rm(draft, { force: true });
    }
  }

  #error(reason: string, cause?: unknown): TokenFileError {
    return new TokenFileError(`${this.#path}: ${reason}`, { cause });
  }
}

/** The fields in which no two tokens are equal. */
const UNIQUE: [string, (entry: TokenEntry) => string][] = [
  ["sha256", ({ sha256 }) => sha256],
  ["id", ({ id, sha256 }) => id ?? sha256.slice(0, 12)],
];
