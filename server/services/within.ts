import { getLogger } from "@logtape/logtape";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../errors/service_error.ts";
import type { ServerFacts, ServerServices, Services } from "./mod.ts";
import { type Grant, limitsWithin, type ServerLimits } from "./namespaces/grant.ts";
import { Scope } from "./namespaces/scope.ts";
import { LiveNotebooks } from "./notebooks/live_notebooks.ts";
import { Notebooks } from "./notebooks/notebooks.ts";

/** The scope in which there is nothing: no token can have this name. */
const NOBODY = new Scope("-");

/**
 * The services of the namespaces of a server: made when somebody asks for them, and ended with the last token
 * of their namespace.
 */
export class NamespaceServices implements AsyncDisposable {
  readonly #server: Omit<ServerServices, "within">;
  readonly #limits: ServerLimits;
  /** The namespace null has nothing. */
  readonly #made = new Map<string | null, Services & AsyncDisposable>();
  readonly #ending = new Set<Promise<void>>();
  readonly #subscription: Disposable;

  /** `limits` are those of kernels, which grants are within. */
  constructor(server: Omit<ServerServices, "within">, limits: ServerLimits) {
    this.#server = server;
    this.#limits = limits;
    this.#subscription = server.tokens.onEnd(({ namespace }) => {
      server.sandboxes.renewSecrets(namespace);
      const isUsed = server.tokens.list().some((it) => it.namespace === namespace);
      if (!isUsed) this.#end(namespace);
    });
  }

  /** Returns the services of a namespace. */
  of(namespace: string | null): Services {
    const made = this.#made.get(namespace) ?? this.#make(namespace);
    this.#made.set(namespace, made);
    return made;
  }

  /** Saves the notebooks that are open in namespaces. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]();
    for (const namespace of this.#made.keys()) this.#end(namespace);
    await Promise.all(this.#ending);
  }

  #end(namespace: string | null): void {
    const services = this.#made.get(namespace);
    this.#made.delete(namespace);
    if (!services) return;
    const ending = disposeOf(services, namespace).then(() => void this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #make(namespace: string | null): Services & AsyncDisposable {
    const { agents, clock, directories, facts, isReady, tokens, ...all } = this.#server;
    const scope = namespace === null ? NOBODY : new Scope(namespace);
    const grant = () => tokens.grantFor(scope.namespace!);
    const disposal = new AsyncDisposableStack();
    const kernels = disposal.use(all.kernels.within({ scope, grant, limits: this.#limits }));
    const executions = all.executions.within(scope);
    const sessions = all.sessions.within(scope, kernels);
    const own = {
      notebooks: ownDirectory(directories.notebooks, namespace),
      data: ownDirectory(directories.data && join(directories.data, "namespaces"), namespace),
    };
    const notebooks = own.notebooks === undefined ? undefined : new Notebooks(own.notebooks);
    const liveNotebooks = notebooks &&
      disposal.use(new LiveNotebooks({ notebooks, executions, kernels, sessions }));
    const using = { kernels, executions, sessions, files: liveNotebooks };
    return {
      kernels,
      executions,
      sessions,
      sandboxes: all.sandboxes.within(scope, kernels),
      notebooks,
      liveNotebooks,
      numberedNotebooks: all.numberedNotebooks.within(scope, using),
      facts: factsWithin(facts, grant, this.#limits),
      agents,
      directories: own,
      clock,
      isReady,
      [Symbol.asyncDispose]: () => disposal.disposeAsync(),
    };
  }
}

/** Ends services; never rejects. */
async function disposeOf(services: AsyncDisposable, namespace: string | null): Promise<void> {
  try {
    await services[Symbol.asyncDispose]();
  } catch (error) {
    const reason = messageOf(error);
    getLogger("server").error("a namespace cannot be ended", { namespace, reason, error });
  }
}

/** Returns the directory of a namespace below one of the server's, and makes it if needed. */
function ownDirectory(root: string | undefined, namespace: string | null): string | undefined {
  if (root === undefined || namespace === null) return undefined;
  const directory = join(root, namespace);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Returns the facts as they are for kernels within a grant. */
function factsWithin(facts: ServerFacts, grant: () => Grant, limits: ServerLimits): ServerFacts {
  return {
    ...facts,
    get modes() {
      return facts.modes.filter((it) => grant().modes.includes(it));
    },
    get defaultMode() {
      const { modes } = this;
      return modes.includes(facts.defaultMode) ? facts.defaultMode : modes[0] ?? facts.defaultMode;
    },
    get mountRoots() {
      return grant().mounts;
    },
    get limits() {
      const { maxKernels = Infinity } = grant();
      const kernel = limitsWithin({}, grant(), limits);
      return {
        ...facts.limits,
        maxKernels: Math.min(maxKernels, facts.limits.maxKernels),
        maxQueue: kernel.queue,
        kernel,
      };
    },
  };
}
