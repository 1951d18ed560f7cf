import { ServiceError } from "../../errors/service_error.ts";
import type { Kernels } from "../kernels/kernels.ts";

/** A document that is open with a kernel. */
export interface Session {
  id: string;
  /** The path of the document, which need not exist. */
  path: string;
  /** The name of the document. */
  name: string;
  /** The type of the document, such as "notebook", "console" or "file". */
  type: string;
  kernelId: string;
}

/** The kernel that a session is to have: an existing one by id, or a new one of a kind by name. */
export interface WantedKernel {
  id?: string | null | undefined;
  name?: string | null | undefined;
}

/** A request for a new session. */
export interface NewSession {
  path: string;
  name: string;
  type: string;
  kernel: WantedKernel;
}

/** The changes of a session; a field that is missing stays as it is. */
export type SessionChange = { [K in keyof NewSession]?: NewSession[K] | undefined };

/** The documents that clients have open, each with its kernel. A session ends with its kernel. */
export class Sessions implements Disposable {
  readonly #kernels: Kernels;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that are starting, by path: two clients that open one document at once get one session. */
  readonly #starting = new Map<string, Promise<Session>>();
  readonly #subscription: Disposable;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#subscription = kernels.onEnd((kernelId) => {
      for (const session of this.#sessions.values()) {
        if (session.kernelId === kernelId) this.#sessions.delete(session.id);
      }
    });
  }

  /** Lists the sessions, the oldest first. */
  list(): Session[] {
    return [...this.#sessions.values()];
  }

  /**
   * Returns the session of that id.
   *
   * @throws {ServiceError} `not_found`.
   */
  get(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw new ServiceError("not_found", `Cannot find session "${id}"`);
    return session;
  }

  /** Opens a document: returns the session that it has, or a new one. */
  async open(wanted: NewSession): Promise<Session> {
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

  /** Changes a session, and ends the kernel that it had if no other session has that. */
  async change(id: string, { path, name, type, kernel }: SessionChange): Promise<Session> {
    const session = this.get(id);
    const before = session.kernelId;
    // The kernel comes first: when it cannot be had, nothing has changed.
    if (kernel?.id != null || kernel?.name != null) session.kernelId = await this.#kernel(kernel);
    session.path = path ?? session.path;
    session.name = name ?? session.name;
    session.type = type ?? session.type;
    if (session.kernelId !== before && !this.list().some((it) => it.kernelId === before)) {
      await this.#kernels.terminate(before);
    }
    return session;
  }

  /** Closes a document and ends its kernel. */
  async close(id: string): Promise<void> {
    const { kernelId } = this.get(id);
    this.#sessions.delete(id);
    await this.#kernels.terminate(kernelId);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  async #open({ path, name, type, kernel }: NewSession): Promise<Session> {
    const kernelId = await this.#kernel(kernel);
    const session = { id: crypto.randomUUID(), path, name, type, kernelId };
    this.#sessions.set(session.id, session);
    return session;
  }

  async #kernel({ id, name }: WantedKernel): Promise<string> {
    if (id == null) return (await this.#kernels.start({ kind: name || undefined })).id;
    if (await this.#kernels.find(id)) return id;
    throw new ServiceError("not_found", `Cannot open the session: there is no kernel "${id}"`);
  }
}
