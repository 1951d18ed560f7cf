import type { KernelOptions } from "../../../../kernel/mod.ts";
import { ServiceError } from "../../../errors/service_error.ts";
import type { AgentSettings } from "../../../services/agents/settings.ts";
import type { KernelHandle } from "../../../services/kernels/handle.ts";
import type { KernelDescription, Kernels } from "../../../services/kernels/kernels.ts";
import { nameInGroup } from "../../../services/namespaces/scope.ts";
import type { Agent } from "./agent.ts";
import { generateName, isGenerated, kernelIdOf, nameOf, NAMESPACE } from "./session_name.ts";

/** A session of an agent: a kernel under the name that agents call it. */
export interface AgentSession {
  name: string;
  kernel: KernelHandle;
  /** True when this call has started the kernel. */
  isNew: boolean;
}

/** The start of a session. */
export interface SessionStart {
  /** @default a name that nobody can guess */
  name?: string | undefined;
  /** The kind of the kernel. */
  kind?: string | undefined;
  options?: KernelOptions;
}

/**
 * The sessions of agents. An agent reaches a session by its name alone: a name that the server has chosen
 * is known only to the agent that got it, and a name that an agent has chosen to all that choose it too.
 */
export class AgentSessions {
  readonly #kernels: Kernels;
  readonly #reach: AgentSettings["kernels"];
  /** Sessions that are starting, by name: calls that come at once share one kernel. */
  readonly #starting = new Map<string, Promise<KernelHandle>>();

  constructor(kernels: Kernels, reach: AgentSettings["kernels"]) {
    this.#kernels = kernels;
    this.#reach = reach;
  }

  /**
   * Returns the session of that name, and starts one if there is none. Without a name, it is the agent's own
   * session, or a new one when the agent cannot be recognized later.
   *
   * @throws {ServiceError} `not_found` when a session has ended whose name the server had chosen: its
   * variables are gone, and another session must not pass for it.
   */
  async open(agent: Agent, name: string | undefined): Promise<AgentSession> {
    if (name === undefined) return await this.#openOwn(agent);
    const kernel = await this.#find(name);
    if (kernel) return { name, kernel, isNew: false };
    const starting = this.#starting.get(name);
    if (starting) return { name, kernel: await starting, isNew: false };
    if (isGenerated(name)) throw ended(name);
    return await this.start(agent, { name });
  }

  /**
   * Returns the session of that name, or the agent's own.
   *
   * @throws {ServiceError} `not_found`, or `invalid_argument` when there is no name and no own session.
   */
  async get(agent: Agent, name: string | undefined = agent.ownSession): Promise<AgentSession> {
    if (name === undefined) {
      throw new ServiceError(
        "invalid_argument",
        "session: name a session; run_code starts one and tells its name",
      );
    }
    const kernel = await this.#find(name) ?? await this.#starting.get(name);
    if (!kernel) throw isGenerated(name) ? ended(name) : missing(name);
    return { name, kernel, isNew: false };
  }

  /**
   * Starts a session.
   *
   * @throws {KernelError} `already_exists`, `limit_exceeded`, or an option is wrong.
   */
  async start(agent: Agent, { name = generateName(), kind, options }: SessionStart) {
    const starting = this.#kernels.start({
      kind,
      options: { ...options, namespace: NAMESPACE, id: name },
      autoRestart: true,
    });
    this.#starting.set(name, starting);
    try {
      const kernel = await starting;
      agent.started.add(name);
      return { name, kernel, isNew: true };
    } finally {
      if (this.#starting.get(name) === starting) this.#starting.delete(name);
    }
  }

  /** Lists the sessions that an agent may know of: those it has started, and those that have chosen names. */
  async list(agent: Agent): Promise<(KernelDescription & { name: string })[]> {
    const all = await this.#kernels.list(this.#reach === "all" ? undefined : NAMESPACE);
    return all.map((it) => ({ ...it, name: nameOf(it.id) }))
      .filter(({ name }) => !isGenerated(name) || agent.started.has(name));
  }

  /** Gives a session a fresh interpreter, without the variables and files of the one before. */
  async reset({ kernel }: AgentSession): Promise<void> {
    await this.#kernels.restart(kernel.id);
  }

  /** Ends a session, with what runs in it. */
  async end(agent: Agent, { name, kernel }: AgentSession): Promise<void> {
    agent.started.delete(name);
    if (agent.ownSession === name) agent.ownSession = undefined;
    await this.#kernels.terminate(kernel.id);
  }

  /** Ends what nobody can reach once an agent has left: the sessions whose names only the agent has. */
  async leave(agent: Agent): Promise<void> {
    const names = [...agent.started].filter(isGenerated);
    await Promise.all(names.map((name) => this.#kernels.terminate(kernelIdOf(name))));
  }

  /** Tells whether an agent may ask for the runs of a kernel, whose ids it has to know. */
  reaches(kernelId: string): boolean {
    return this.#reach === "all" || nameInGroup(kernelId, NAMESPACE) !== undefined;
  }

  async #openOwn(agent: Agent): Promise<AgentSession> {
    if (!agent.lasting) return await this.start(agent, {});
    const { ownSession } = agent;
    if (ownSession !== undefined) {
      const kernel = await this.#find(ownSession) ?? await this.#starting.get(ownSession);
      if (kernel) return { name: ownSession, kernel, isNew: false };
    }
    // Set before the start: a call that comes meanwhile waits for the same session.
    const name = agent.ownSession = generateName();
    try {
      return await this.start(agent, { name });
    } catch (error) {
      if (agent.ownSession === name) agent.ownSession = undefined;
      throw error;
    }
  }

  async #find(name: string): Promise<KernelHandle | undefined> {
    const own = await this.#kernels.find(kernelIdOf(name));
    return own ?? (this.#reach === "all" ? await this.#kernels.find(name) : undefined);
  }
}

function ended(name: string): ServiceError {
  return new ServiceError(
    "not_found",
    `session: "${name}" has ended, and its variables and files are gone; leave the session out to ` +
      "start a new one",
  );
}

function missing(name: string): ServiceError {
  return new ServiceError("not_found", `session: there is no session "${name}"`);
}
