import { randomBytes, randomUUID } from "node:crypto";
import { resolve } from "node:path/posix";
import type { CallOptions } from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import type { KernelHandle } from "../kernels/handle.ts";
import { DEFAULT_LANGUAGE } from "../kernels/kinds.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { SandboxHomes } from "./homes.ts";
import { languageNamed } from "./languages.ts";

/** The home directory of a sandbox, from which relative paths begin. */
export const SANDBOX_HOME = "/home/user";

/** A context: a kernel of a sandbox, in which code runs. */
export interface CodeContext {
  readonly id: string;
  readonly language: string;
  /** The directory in which the kernel begins. */
  readonly cwd: string;
  readonly kernelId: string;
}

/** A request for a new sandbox. */
export interface SandboxRequest {
  /** The name of what the sandbox is made from. */
  template: string;
  /** The kind of its Python kernels. */
  kind: string;
  /** The lifetime in milliseconds, from now. */
  timeoutMs: number;
  /** Notes of the client. */
  metadata: Record<string, string>;
  /** Environment variables of every kernel. */
  env: Record<string, string>;
}

/** The parts of a sandbox; {@linkcode Sandboxes} makes them. */
export interface SandboxInit {
  request: SandboxRequest;
  kernels: Kernels;
  homes: SandboxHomes;
  /** @default a random one */
  id?: string;
}

/**
 * A sandbox: kernels with one lifetime, which share a home directory. It has one default context for each
 * language, which starts when it is first needed. Files outside of the home are those of the default context of
 * Python.
 */
export class Sandbox {
  readonly id: string;
  readonly template: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Environment variables of every kernel. */
  readonly env: Readonly<Record<string, string>>;
  #accessToken = makeSecret();
  #trafficToken = makeSecret();
  readonly startedAt = new Date();
  /** The time of its end. */
  endsAt: Date;
  readonly #kernels: Kernels;
  readonly #homes: SandboxHomes;
  /** The path of the home on this machine. */
  #home: Promise<string> | undefined;
  readonly #kind: string;
  readonly #contexts = new Map<string, CodeContext>();
  /** The default contexts, by language; one that starts is a promise, so that two callers get one kernel. */
  readonly #defaults = new Map<string, Promise<CodeContext>>();
  readonly #end = new AbortController();

  constructor({ request, kernels, homes, id }: SandboxInit) {
    this.id = id ?? `i${randomBytes(10).toString("hex")}`;
    this.template = request.template;
    this.metadata = request.metadata;
    this.endsAt = new Date(this.startedAt.getTime() + request.timeoutMs);
    this.#kernels = kernels;
    this.#homes = homes;
    this.#kind = request.kind;
    this.env = {
      HOME: SANDBOX_HOME,
      ...request.env,
      E2B_SANDBOX: "true",
      E2B_SANDBOX_ID: this.id,
      E2B_TEMPLATE_ID: request.template,
    };
  }

  /** The secret with which files and commands are reached. */
  get accessToken(): string {
    return this.#accessToken;
  }

  /** The secret with which contexts are reached. */
  get trafficToken(): string {
    return this.#trafficToken;
  }

  /** Replaces both secrets. */
  renewSecrets(): void {
    this.#accessToken = makeSecret();
    this.#trafficToken = makeSecret();
  }

  /** Aborts when the sandbox ends. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** The contexts, in the order of their creation. */
  get contexts(): CodeContext[] {
    return [...this.#contexts.values()];
  }

  /**
   * Returns the context of that id.
   *
   * @throws {ServiceError} `not_found`.
   */
  context(id: string): CodeContext {
    const context = this.#contexts.get(id);
    if (context) return context;
    throw new ServiceError("not_found", `Context ${id} not found`);
  }

  /** Returns the default context of a language, which starts if there is none. */
  async defaultContext(language = DEFAULT_LANGUAGE): Promise<CodeContext> {
    const name = languageNamed(language);
    const present = this.#defaults.get(name);
    if (present) return await present;
    const starting = this.createContext({ language: name });
    this.#defaults.set(name, starting);
    try {
      return await starting;
    } catch (error) {
      this.#defaults.delete(name);
      throw error;
    }
  }

  /**
   * Starts a kernel for a new context.
   *
   * @throws {ServiceError} `invalid_argument` when the language is not there; `not_found` when the sandbox ended.
   * @throws {KernelError} when there are too many kernels.
   */
  async createContext(
    { language = DEFAULT_LANGUAGE, cwd = SANDBOX_HOME }: { language?: string; cwd?: string },
    options?: CallOptions,
  ): Promise<CodeContext> {
    const name = languageNamed(language);
    const directory = resolve(SANDBOX_HOME, cwd);
    const kind = this.#kindOf(name);
    const root = await (this.#home ??= this.#homes.create());
    const starting = this.#kernels.start({
      kind,
      options: { namespace: `e2b-${this.id}`, env: this.env, cwd: directory },
      ownMounts: [{ root, mountPoint: SANDBOX_HOME }],
      autoRestart: true,
    }, options);
    const kernelId = await starting.then(({ id }) => id, (error) => {
      throw this.ended.aborted ? this.#gone(error) : error; // Its home went while the kernel started.
    });
    if (this.ended.aborted) {
      await this.#remove([kernelId]);
      throw this.#gone();
    }
    const context = { id: randomUUID(), language: name, cwd: directory, kernelId };
    this.#contexts.set(context.id, context);
    return context;
  }

  /** Ends a context with its kernel. The default context of its language starts again when it is needed. */
  async removeContext(id: string): Promise<void> {
    const { kernelId } = this.context(id);
    await this.forget(kernelId);
    await this.#kernels.terminate(kernelId);
  }

  /** The files of the sandbox. */
  async files(): Promise<KernelHandle["files"]> {
    return (await this.#kernels.get((await this.defaultContext()).kernelId)).files;
  }

  /** Removes the context of a kernel that has ended. */
  async forget(kernelId: string): Promise<void> {
    for (const context of this.#contexts.values()) {
      if (context.kernelId !== kernelId) continue;
      this.#contexts.delete(context.id);
      const byDefault = this.#defaults.get(context.language);
      if (byDefault && (await byDefault).id === context.id) {
        this.#defaults.delete(context.language);
      }
    }
  }

  /** Ends all kernels and removes the home. A kernel that is starting ends when it has started. */
  async end(): Promise<void> {
    this.#end.abort();
    const kernelIds = this.contexts.map((it) => it.kernelId);
    this.#contexts.clear();
    await this.#remove(kernelIds);
  }

  async #remove(kernelIds: readonly string[]): Promise<void> {
    await Promise.all(kernelIds.map((id) => this.#kernels.terminate(id)));
    const home = await this.#home?.catch(() => undefined);
    if (home !== undefined) await this.#homes.remove(home);
  }

  #gone(cause?: unknown): ServiceError {
    return new ServiceError("not_found", `Sandbox ${this.id} not found`, { cause });
  }

  #kindOf(language: string): string {
    if (language === DEFAULT_LANGUAGE) return this.#kind;
    const kinds = this.#kernels.kinds.list();
    if (kinds.some((it) => it.name === language && it.language === language)) return language;
    const known = [...new Set(kinds.map((it) => it.language))].join(", ");
    throw new ServiceError(
      "invalid_argument",
      `Cannot run "${language}": this server has ${known}`,
    );
  }
}

function makeSecret(): string {
  return randomBytes(24).toString("hex");
}
