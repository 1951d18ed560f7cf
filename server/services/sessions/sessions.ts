import { ServiceError } from "../../errors/service_error.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { Scope } from "../namespaces/scope.ts";

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
  /** The namespace in which it was opened: paths are the namespace's own. */
  namespace?: string | undefined;
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

/**
 * The documents that clients have open, each with its kernel. A session ends with its kernel, and belongs to
 * the owner of its kernel.
 */
export class Sessions implements Disposable {
  readonly #kernels: Kernels;
  readonly #scope: Scope;
  /** Those of all views. */
  readonly #sessions: Map<string, Session>;
  /** Sessions that are starting, by path: two clients that open one document at once get one session. */
  readonly #starting = new Map<string, Promise<Session>>();
  readonly #subscription: Disposable | undefined;

  constructor(kernels: Kernels, of?: Sessions, scope = Scope.everything) {
    this.#kernels = kernels;
    this.#scope = scope;
    this.#sessions = of ? of.#sessions : new Map();
    if (of) return;
    this.#subscription = kernels.onEnd((kernelId) => {
      for (const session of this.#sessions.values()) {
        if (session.kernelId === kernelId) this.#sessions.delete(session.id);
      }
    });
  }

  /** Returns the sessions as far as a scope has them; new ones get a kernel of `kernels`. */
  within(scope: Scope, kernels: Kernels): Sessions {
    return new Sessions(kernels, this, scope);
  }

  /** Lists the sessions, the oldest first. */
  list(): Session[] {
    return [...this.#sessions.values()].filter(({ kernelId }) => this.#scope.has(kernelId))
      .map((it) => this.#shown(it));
  }

  /** Returns the session of a document. */
  find(path: string): Session | undefined {
    return this.list().find((it) => it.path === path);
  }

  /**
   * Returns the session of that id.
   *
   * @throws {ServiceError} `not_found`.
   */
  get(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session || !this.#scope.has(session.kernelId)) {
      throw new ServiceError("not_found", `Cannot find session "${id}"`);
    }
    return this.#shown(session);
  }

  /** Opens a document: returns the session that it has, or a new one. */
  async open(wanted: NewSession): Promise<Session> {
    const present = this.find(wanted.path);
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
    this.get(id);
    const session = this.#sessions.get(id)!;
    const before = session.kernelId;
    // The kernel comes first: when it cannot be had, nothing has changed.
    if (kernel?.id != null || kernel?.name != null) {
      session.kernelId = await this.#kernel(kernel, session.namespace);
    }
    session.path = path === undefined ? session.path : this.#ownPath(session, path);
    session.name = name ?? session.name;
    session.type = type ?? session.type;
    const isUsed = [...this.#sessions.values()].some((it) => it.kernelId === before);
    if (session.kernelId !== before && !isUsed) {
      await this.#kernels.terminate(before);
    }
    return this.#shown(session);
  }

  /** Closes a document and ends its kernel. */
  async close(id: string): Promise<void> {
    const { kernelId } = this.get(id);
    this.#sessions.delete(id);
    await this.#kernels.terminate(kernelId);
  }

  [Symbol.dispose](): void {
    this.#subscription?.[Symbol.dispose]();
  }

  /** Returns a session as the scope sees it: for the administrator, the folder of its namespace has the file. */
  #shown(session: Session): Session {
    const { namespace, path } = session;
    const isOwn = namespace === undefined || namespace === this.#scope.namespace;
    return isOwn ? { ...session } : { ...session, path: `${namespace}/${path}` };
  }

  /** Returns the path within the session's namespace of a path that the scope sees. */
  #ownPath({ namespace }: Session, path: string): string {
    const folder = `${namespace}/`;
    const isOwn = namespace === undefined || namespace === this.#scope.namespace;
    return !isOwn && path.startsWith(folder) ? path.slice(folder.length) : path;
  }

  async #open({ path, name, type, kernel }: NewSession): Promise<Session> {
    const { namespace } = this.#scope;
    const kernelId = await this.#kernel(kernel, namespace);
    const session = { id: crypto.randomUUID(), path, name, type, kernelId, namespace };
    this.#sessions.set(session.id, session);
    return session;
  }

  async #kernel({ id, name }: WantedKernel, namespace: string | undefined): Promise<string> {
    if (id == null) {
      const options = namespace === undefined ? {} : { namespace };
      return (await this.#kernels.start({ kind: name || undefined, options })).id;
    }
    const kernel = await this.#kernels.find(id);
    if (kernel) return kernel.id;
    throw new ServiceError("not_found", `Cannot open the session: there is no kernel "${id}"`);
  }
}
