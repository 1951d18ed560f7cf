import { getLogger } from "@logtape/logtape";
import { KernelError } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import { messageOf } from "../../errors/service_error.ts";
import type { KernelHandle } from "../../services/kernels/handle.ts";
import type { KernelDescription, Kernels } from "../../services/kernels/kernels.ts";
import type { SandboxHomes } from "../../services/sandboxes/homes.ts";
import { nameInGroup } from "../../services/namespaces/scope.ts";
import { Turns } from "../../services/turns/turns.ts";

const logger = getLogger(["server", "coderunner"]);

/** The namespace of the sessions' kernels. */
const NAMESPACE = "coderunner";
/** A session whose client wishes nothing else ends after this many milliseconds without work. */
const SESSION_TIMEOUT_MS = 24 * 3_600_000;
/** The directory that the kernels of a session share, and begin in. */
const SHARED_DIRECTORY = "/app";

/** The wishes of a client for a session's kernels. */
export interface SessionSettings {
  /** The milliseconds without work after which the session ends. @default a day */
  timeoutMs?: number;
  /** The memory of each kernel. @default the server's */
  memoryMiB?: number;
  /** Environment variables of every kernel. */
  env?: Record<string, string>;
  /** Notes of the client. */
  metadata?: Record<string, unknown>;
  /** True when the session's kernels share a directory. @default false */
  sharesFiles?: boolean;
}

/** Options for {@linkcode CodeRunnerSessions}. */
export interface CodeRunnerSessionsInit {
  kernels: Kernels;
  /** Makes the directories that kernels share. */
  homes: SandboxHomes;
}

/** A session: the kernels, one for each language, whose ids begin with the session's id. */
export interface Session {
  id: string;
  /** The language of its first kernel. */
  language: string;
  /** ISO 8601, like the other time. */
  created: string;
  lastUsed: string;
  kernels: KernelDescription[];
  settings: SessionSettings;
  /** The milliseconds without work after which it ends. */
  timeoutMs: number;
}

/** The part of a session that its kernels do not tell. */
interface Kept {
  settings: SessionSettings;
  /** The directory on this machine that the kernels share. */
  home?: Promise<string>;
}

/** Returns the id of the session that a kernel belongs to. */
export function sessionOf(kernelId: string): string {
  return (nameInGroup(kernelId, NAMESPACE) ?? kernelId).split(".")[0]!;
}

/** Returns the language of a session's kernel. */
export function languageOfKernel(kernelId: string): string {
  return kernelId.split(".").at(-1)!;
}

/**
 * The sessions of CodeRunner's clients. A session is there as long as one of its kernels, which all APIs list,
 * limit and end as any other.
 */
export class CodeRunnerSessions implements Disposable {
  readonly #kernels: Kernels;
  readonly #homes: SandboxHomes;
  /** By session: what its client has wished for. */
  readonly #kept = new Map<string, Kept>();
  /** Sessions that were made for one command, and that no client has named since. */
  readonly #unnamed = new Set<string>();
  /** By session: two commands that come at once must not both start its kernel of a language. */
  readonly #turns = new Turns();
  readonly #subscription: Disposable;

  constructor({ kernels, homes }: CodeRunnerSessionsInit) {
    this.#kernels = kernels;
    this.#homes = homes;
    this.#subscription = kernels.onEnd((kernelId) => void this.#onEnd(sessionOf(kernelId)));
  }

  /** Lists the sessions, the oldest first. */
  async list(): Promise<Session[]> {
    const byId = Map.groupBy(
      await this.#kernels.listEverywhere(NAMESPACE),
      ({ id }) => sessionOf(id),
    );
    return [...byId].map(([id, kernels]) => ({
      id,
      language: languageOfKernel(kernels[0]!.id),
      created: kernels[0]!.created,
      lastUsed: kernels.map(({ lastActivity }) => lastActivity).toSorted().at(-1)!,
      kernels,
      settings: this.#kept.get(id)?.settings ?? {},
      timeoutMs: this.#kept.get(id)?.settings.timeoutMs ?? SESSION_TIMEOUT_MS,
    }));
  }

  /**
   * Returns the session of that id.
   *
   * @throws {HttpError} 404.
   */
  async get(id: string): Promise<Session> {
    const session = (await this.list()).find((it) => it.id === id);
    if (!session) throw new HttpError(404, "not_found", "Session not found");
    return session;
  }

  /** Starts a session with a kernel of a language, and returns the session's id. */
  async start(language: string, settings: SessionSettings = {}): Promise<string> {
    const id = crypto.randomUUID();
    this.#kept.set(id, { settings });
    try {
      await this.#startKernel(id, language);
    } catch (error) {
      await this.#forget(id);
      throw error;
    }
    return id;
  }

  /**
   * Returns the id of the kernel that runs a language in a session, or in a new session if none is named.
   *
   * @throws {HttpError} 404 when there is no such session.
   */
  async kernelFor(sessionId: string | undefined, language: string): Promise<string> {
    if (sessionId === undefined) {
      const id = crypto.randomUUID();
      const kernel = await this.#startKernel(id, language);
      this.#unnamed.add(id);
      return kernel.id;
    }
    return await this.#turns.take(sessionId, async () => {
      const { kernels } = await this.get(sessionId);
      this.#unnamed.delete(sessionId);
      const present = kernels.find(({ id }) => languageOfKernel(id) === language);
      return present?.id ?? (await this.#startKernel(sessionId, language)).id;
    });
  }

  /**
   * Ends a session.
   *
   * @throws {HttpError} 404 when there is no such session.
   */
  async close(id: string): Promise<void> {
    const { kernels } = await this.get(id);
    await Promise.all(kernels.map((it) => this.#kernels.terminate(it.id)));
    await this.#onEnd(id);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  async #startKernel(sessionId: string, language: string): Promise<KernelHandle> {
    const kept: Kept = this.#kept.get(sessionId) ?? { settings: {} };
    const { env, memoryMiB, timeoutMs = SESSION_TIMEOUT_MS, sharesFiles } = kept.settings;
    const root = sharesFiles ? await (kept.home ??= this.#homes.create()) : undefined;
    const options = {
      id: `${sessionId}.${language}`,
      namespace: NAMESPACE,
      inactivityTimeoutMs: timeoutMs,
      ...(env && { env }),
      ...(memoryMiB !== undefined && { limits: { memoryMiB } }),
      ...(root !== undefined && { cwd: SHARED_DIRECTORY }),
    };
    const ownMounts = root === undefined ? [] : [{ root, mountPoint: SHARED_DIRECTORY }];
    const start = () =>
      this.#kernels.start({ kind: language, options, ownMounts, autoRestart: true });
    try {
      return await start();
    } catch (error) {
      const full = error instanceof KernelError && error.code === "limit_exceeded";
      if (!full || !await this.#makeRoom()) throw error;
      return await start();
    }
  }

  /** Forgets a session whose last kernel has ended. */
  async #onEnd(sessionId: string): Promise<void> {
    // A kernel of another language may be starting in its turn.
    await this.#turns.take(sessionId, async () => {
      const isThere = (await this.list()).some(({ id }) => id === sessionId);
      if (!isThere) await this.#forget(sessionId);
    }).catch((error) => {
      logger.warn("the files of a session cannot be removed", { reason: messageOf(error) });
    });
  }

  async #forget(sessionId: string): Promise<void> {
    const kept = this.#kept.get(sessionId);
    this.#kept.delete(sessionId);
    this.#unnamed.delete(sessionId);
    const home = await kept?.home?.catch(() => undefined);
    if (home !== undefined) await this.#homes.remove(home);
  }

  /** Ends the least recently used session that no client has named; false when there is none. */
  async #makeRoom(): Promise<boolean> {
    const idle = (await this.list()).filter(({ id, kernels }) =>
      this.#unnamed.has(id) && kernels.every(({ status }) => status === "idle")
    );
    const oldest = idle.toSorted((a, b) => a.lastUsed < b.lastUsed ? -1 : 1)[0];
    if (!oldest) return false;
    await this.close(oldest.id);
    return true;
  }
}
