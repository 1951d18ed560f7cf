import { getLogger } from "@logtape/logtape";
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import { currentGrant } from "../namespaces/requester.ts";
import { type Grant, narrowest } from "../namespaces/grant.ts";
import { Turns } from "../turns/turns.ts";
import {
  type ServerOffer,
  type Token,
  type TokenEntry,
  tokenEntrySchema,
  type TokenSettings,
  toToken,
} from "./token.ts";
import { MAX_TOKENS, TokenFile } from "./token_file.ts";

const logger = getLogger(["server", "tokens"]);

/** The time between two looks at the file and at the tokens' ends, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Options for {@linkcode Tokens}. */
export interface TokensInit extends ServerOffer {
  /** The path of the file in which tokens are kept; undefined: they end with the server. */
  file?: string | undefined;
  clock: Clock;
}

/** A token that was just made. */
export interface NewToken {
  token: Token;
  /** The token itself, which is kept nowhere. */
  secret: string;
}

/** Makes a token that nobody can guess. */
function makeSecret(): string {
  return `dci_${randomBytes(32).toString("base64url")}`;
}

/** Returns the digest by which a token is recognized. A token of 256 random bits needs no slow one. */
function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/**
 * The tokens of this server that are bound to namespaces. They are made and withdrawn here, or in their file,
 * which the server looks at all the time.
 */
export class Tokens implements AsyncDisposable {
  readonly #offer: ServerOffer;
  readonly #file: TokenFile | undefined;
  readonly #clock: Clock;
  /** By the digest. Those that are not in the file have ended when the server ends. */
  #kept = new Map<string, Token>();
  readonly #passing = new Map<string, Token>();
  readonly #listeners = new Set<(token: Token) => void>();
  /** Changes of the file come one after the other. */
  readonly #turns = new Turns();
  #stamp: string | undefined;
  /** The state of the file whose fault was logged. */
  #reported: string | undefined;
  #timer: Disposable | undefined;

  /** @throws {TokenFileError} when the file cannot be read. */
  constructor({ file, clock, ...offer }: TokensInit) {
    this.#offer = offer;
    this.#clock = clock;
    if (file === undefined) return;
    this.#file = new TokenFile(file);
    this.#stamp = this.#file.stamp;
    this.#kept = this.#byDigest(this.#file.read());
    this.#lookLater();
  }

  /** Tells whether a token is in the file. */
  keeps({ entry }: Token): boolean {
    return this.#file !== undefined && this.#kept.has(entry.sha256);
  }

  /** True when there are tokens, or may be at any time. */
  get areUsed(): boolean {
    return this.#file !== undefined || this.#passing.size > 0;
  }

  /** Returns the valid token that a client has sent; undefined when it is none. */
  find(secret: string): Token | undefined {
    const digest = digestOf(secret);
    const token = this.#kept.get(digest) ?? this.#passing.get(digest);
    return token && this.#isValid(token) ? token : undefined;
  }

  /** Returns the valid token of that id. */
  findById(id: string): Token | undefined {
    return this.list().find((it) => it.id === id);
  }

  /** Lists the tokens that are valid. */
  list(): Token[] {
    return [...this.#kept.values(), ...this.#passing.values()].filter((it) => this.#isValid(it));
  }

  /**
   * Returns the grant that new kernels of a namespace have to be within: that of the request's token, or
   * for work that no request waits for, what every token of the namespace allows.
   */
  grantFor(namespace: string): Grant {
    const grant = currentGrant();
    if (grant) return grant;
    return narrowest(
      this.list().filter((it) => it.namespace === namespace).map((it) => it.grant),
    );
  }

  /**
   * Makes a token, which is kept in the file if there is one.
   *
   * @throws {ServiceError} `no_space` when there are too many.
   */
  async create(settings: TokenSettings): Promise<NewToken> {
    const file = this.#file;
    if (!file) return this.issue(settings);
    const { secret, entry } = this.#make(settings);
    await this.#change(file, async () => {
      await this.#write(file, [...this.#kept.values(), toToken(entry, this.#offer)]);
    });
    return { token: this.#kept.get(entry.sha256)!, secret };
  }

  /** Makes a token that ends with the server, for a part of the server or for whoever it starts. */
  issue(settings: TokenSettings): NewToken {
    const { secret, entry } = this.#make(settings);
    const token = toToken(entry, this.#offer);
    this.#passing.set(entry.sha256, token);
    this.#lookLater();
    return { token, secret };
  }

  /** Withdraws a token: it is wrong from now on, and its connections end. False when there is none of that id. */
  async withdraw(id: string): Promise<boolean> {
    const passing = [...this.#passing].find(([, token]) => token.id === id);
    if (passing) {
      this.#passing.delete(passing[0]);
      this.#tell([passing[1]]);
      return true;
    }
    const file = this.#file;
    if (!file) return false;
    return await this.#change(file, async () => {
      const others = [...this.#kept.values()].filter((it) => it.id !== id);
      if (others.length === this.#kept.size) return false;
      await this.#write(file, others);
      return true;
    });
  }

  /** Calls `listener` with every token that is withdrawn, changed or over, until the result is disposed. */
  onEnd(listener: (token: Token) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await this.#turns.settled();
    this.#timer?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #make(settings: TokenSettings): { secret: string; entry: TokenEntry } {
    if (this.#kept.size + this.#passing.size >= MAX_TOKENS) {
      throw new ServiceError(
        "no_space",
        `Cannot make a token: there are ${MAX_TOKENS}; withdraw some first`,
      );
    }
    const secret = makeSecret();
    return { secret, entry: makeEntry(settings, secret) };
  }

  /** Changes the file as it is now, alone. */
  async #change<T>(file: TokenFile, task: () => Promise<T>): Promise<T> {
    return await this.#turns.take("file", () =>
      file.locked(async () => {
        // Somebody may have written the file since the last look.
        this.#read(file);
        return await task();
      }));
  }

  #isValid({ expiresAt }: Token): boolean {
    return expiresAt === undefined || expiresAt > Date.now();
  }

  #byDigest(entries: readonly TokenEntry[]): Map<string, Token> {
    return new Map(entries.map((it) => [it.sha256, toToken(it, this.#offer)]));
  }

  /** Writes tokens to the file, and takes them for the valid ones once that is done. */
  async #write(file: TokenFile, tokens: readonly Token[]): Promise<void> {
    const entries = tokens.map(({ entry }) => entry);
    await file.write(entries);
    this.#stamp = file.stamp;
    this.#replace(entries);
  }

  /** Takes in what somebody has written to the file. */
  #read(file: TokenFile): void {
    const { stamp } = file;
    if (stamp === this.#stamp) return;
    // A file that is gone may be about to be replaced: it takes no token away.
    if (stamp === undefined) return;
    const entries = file.read();
    this.#stamp = stamp;
    this.#reported = undefined;
    this.#replace(entries);
  }

  /** Replaces the kept tokens. One that is as it was stays the same object. */
  #replace(entries: readonly TokenEntry[]): void {
    const before = this.#kept;
    const now = this.#byDigest(entries);
    const ended: Token[] = [];
    for (const [digest, token] of before) {
      const same = JSON.stringify(now.get(digest)?.entry) === JSON.stringify(token.entry);
      if (same) now.set(digest, token);
      else ended.push(token);
    }
    this.#kept = now;
    this.#tell(ended);
  }

  #tell(ended: readonly Token[]): void {
    for (const token of ended) for (const listener of this.#listeners) listener(token);
  }

  #lookLater(): void {
    this.#timer ??= this.#clock.after(LOOK_EVERY_MS, () => {
      this.#timer = undefined;
      this.#look();
      if (this.areUsed) this.#lookLater();
    });
  }

  #look(): void {
    const file = this.#file;
    // A file with a fault is read again when somebody has changed it: a large one takes a while.
    if (file && file.stamp !== (this.#reported ?? this.#stamp)) {
      void this.#turns.take("file", () => {
        this.#read(file);
        return Promise.resolve();
      }).catch((error) => {
        // The tokens stay as they are until somebody has mended the file; each fault is told once.
        logger.error("TOKENS_FILE cannot be read", { reason: messageOf(error) });
        this.#reported = file.stamp;
      });
    }
    const over = [...this.#kept, ...this.#passing].filter(([, token]) => !this.#isValid(token));
    for (const [digest] of over) {
      this.#kept.delete(digest);
      this.#passing.delete(digest);
    }
    this.#tell(over.map(([, token]) => token));
  }
}

/** Makes the entry of a token. */
function makeEntry(settings: TokenSettings, secret: string): TokenEntry {
  // Parsed as the file is: an entry that was read is compared with the one that was written.
  return tokenEntrySchema.parse({
    id: randomBytes(6).toString("hex"),
    ...settings,
    sha256: digestOf(secret),
    createdAt: new Date().toISOString(),
  });
}
