import type { KernelManager } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { JupyterKernels } from "../kernels/kernels.ts";
import { DEFAULT_SPEC } from "../kernels/kinds.ts";

/** A document that is open with a kernel. */
export interface JupyterSession {
  id: string;
  /** Of the document; need not exist. */
  path: string;
  name: string;
  /** Such as "notebook", "console" or "file". */
  type: string;
  kernelId: string;
}

/** Which kernel a session is to have: an existing one, or a new one of a kind. */
export interface WantedKernel {
  id?: string | null | undefined;
  name?: string | null | undefined;
}

/** What is said of a new session. */
export interface NewSession {
  path: string;
  name: string;
  type: string;
  kernel: WantedKernel;
}

/** What of a session changes; what is missing stays. */
export type SessionChange = { [K in keyof NewSession]?: NewSession[K] | undefined };

/** The documents that clients have open, each with its kernel. It ends with the manager. */
export class Sessions {
  readonly #kernels: KernelManager;
  readonly #jupyter: JupyterKernels;
  readonly #sessions = new Map<string, JupyterSession>();
  /** By path: two clients that open one document at once get one session. */
  readonly #starting = new Map<string, Promise<JupyterSession>>();

  constructor(kernels: KernelManager, jupyter: JupyterKernels) {
    this.#kernels = kernels;
    this.#jupyter = jupyter;
    kernels.events.on("kernel_terminated", ({ kernelId }) => {
      if (this.#hasKernel(kernelId)) return;
      for (const session of this.#sessions.values()) {
        if (session.kernelId === kernelId) this.#sessions.delete(session.id);
      }
    });
  }

  /** All of them, the oldest first. */
  list(): JupyterSession[] {
    return [...this.#sessions.values()];
  }

  /** @throws {HttpError} `not_found`. */
  get(id: string): JupyterSession {
    const session = this.#sessions.get(id);
    if (!session) throw new HttpError(404, "not_found", `Cannot find session "${id}"`);
    return session;
  }

  /** Opens a document: the session that it has, or a new one. */
  async open(wanted: NewSession): Promise<JupyterSession> {
    const present = this.list().find(({ path }) => path === wanted.path);
    if (present) return present;
    const starting = this.#starting.get(wanted.path) ?? this.#open(wanted);
    this.#starting.set(wanted.path, starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(wanted.path);
    }
  }

  /** Changes a session; a kernel that it had and that no other has is ended. */
  async change(id: string, { path, name, type, kernel }: SessionChange): Promise<JupyterSession> {
    const session = this.get(id);
    const before = session.kernelId;
    // The kernel first: when it cannot be had, nothing has changed.
    if (kernel?.id != null || kernel?.name != null) session.kernelId = await this.#kernel(kernel);
    session.path = path ?? session.path;
    session.name = name ?? session.name;
    session.type = type ?? session.type;
    if (session.kernelId !== before && !this.list().some((it) => it.kernelId === before)) {
      await this.#kernels.destroyKernel(before);
    }
    return session;
  }

  /** Closes a document and ends its kernel. */
  async close(id: string): Promise<void> {
    const { kernelId } = this.get(id);
    this.#sessions.delete(id);
    await this.#kernels.destroyKernel(kernelId);
  }

  async #open({ path, name, type, kernel }: NewSession): Promise<JupyterSession> {
    const kernelId = await this.#kernel(kernel);
    const session = { id: crypto.randomUUID(), path, name, type, kernelId };
    this.#sessions.set(session.id, session);
    return session;
  }

  async #kernel({ id, name }: WantedKernel): Promise<string> {
    if (id == null) return (await this.#jupyter.start(name || DEFAULT_SPEC, {})).id;
    if (this.#hasKernel(id)) return id;
    throw new HttpError(501, "not_found", `Cannot open the session: there is no kernel "${id}"`);
  }

  #hasKernel(id: string): boolean {
    return this.#kernels.listKernels().some((info) => info.id === id);
  }
}
