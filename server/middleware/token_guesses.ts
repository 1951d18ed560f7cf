import { createHash } from "node:crypto";
import { HttpError } from "../errors/http_error.ts";
import { TimeWindows, type TimeWindowsOptions } from "./time_windows.ts";

/** The number of different wrong tokens that a client may send a minute. */
const MAX_GUESSES = 10;

/**
 * Counts the wrong tokens of each client. A wrong token that is repeated is one guess: it teaches nothing,
 * and a page with an old cookie must not lock its user out.
 */
export class TokenGuesses {
  /** Digests of the wrong tokens. */
  readonly #windows: TimeWindows<Set<string>>;

  constructor(options: Omit<TimeWindowsOptions<Set<string>>, "begin"> = {}) {
    this.#windows = new TimeWindows({ ...options, begin: () => new Set() });
  }

  /**
   * Refuses a client that has no guess left, whether its token is right or wrong.
   *
   * @throws {HttpError} `rate_limited`.
   */
  check(client: string, tokens: readonly string[]): void {
    const window = this.#windows.find(client);
    if (!window || window.value.size < MAX_GUESSES) return;
    if (tokens.every((token) => window.value.has(digest(token)))) return;
    throw new HttpError(
      429,
      "rate_limited",
      `Too many wrong tokens: one client may try ${MAX_GUESSES} a minute`,
      { headers: { "Retry-After": this.#windows.secondsLeft(window) } },
    );
  }

  /** Remembers tokens that were wrong. */
  add(client: string, tokens: readonly string[]): void {
    if (tokens.length === 0) return;
    const { value } = this.#windows.of(client);
    for (const token of tokens) if (value.size < MAX_GUESSES) value.add(digest(token));
  }
}

/** The log and the memory of the server keep no token, not even a wrong one. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64").slice(0, 12);
}
