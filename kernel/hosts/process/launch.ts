import { fileURLToPath } from "node:url";
import type { Engine } from "../../engine.ts";
import { KernelError } from "../../errors.ts";
import type { Mount } from "../../mounts.ts";
import type { ProcessOptions } from "../../start_options.ts";
import type { ConfinedProgram, Isolation } from "./isolation.ts";
import type { LockDownOptions } from "./lock_down.ts";
import { ProcessTree } from "./process_tree.ts";
import { filtersSystemCalls, readUser } from "./stat.ts";
import type { KernelUser } from "./users.ts";

/** The part of an engine that a process needs. */
export type ProcessEngine = Pick<
  Engine,
  "processEntry" | "workerEntry" | "selfContained" | "usesJavaScriptHeap" | "locate"
>;

/** The part of {@linkcode Isolation} that a launch uses. */
export type ProcessIsolation = Pick<Isolation, "command" | "users">;

/** A process that was started for a kernel. */
export interface LaunchedProcess {
  child: Deno.ChildProcess;
  /** The options for the process, with paths as the process sees them. */
  options: ProcessOptions;
  /** The restrictions that the process has to put on itself; null: none. */
  lockDown: LockDownOptions | null;
  /** Finds the process that runs the interpreter. */
  tree: ProcessTree;
  /** JSON from which the process makes the assets of its interpreter. */
  location: unknown;
  /** The user that the process has to become; null: it stays the user that it is. */
  user: KernelUser | null;
}

const PROJECT = new URL("../../../", import.meta.url);
const LIBRARY = fileURLToPath(new URL("kernel", PROJECT));

/** Starts the process of one kernel, and keeps account of the process's user. */
export class Launcher implements Disposable {
  readonly #engine: ProcessEngine;
  readonly #isolation: ProcessIsolation;
  /** The user of its own that the process got. */
  #taken: KernelUser | undefined;

  constructor(engine: ProcessEngine, isolation: ProcessIsolation) {
    this.#engine = engine;
    this.#isolation = isolation;
  }

  /** Starts the process, unless `assertWanted` throws because the kernel has been ended meanwhile. */
  async launch(options: ProcessOptions, assertWanted: () => void): Promise<LaunchedProcess> {
    try {
      return await this.#launch(options, assertWanted);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Gives the user back, once the process has ended. */
  [Symbol.dispose](): void {
    if (this.#taken) this.#isolation.users.release(this.#taken);
    this.#taken = undefined;
  }

  async #launch(options: ProcessOptions, assertWanted: () => void): Promise<LaunchedProcess> {
    const [{ readable, value: location }, user] = await Promise.all([
      this.#engine.locate(options),
      this.#chooseUser(options.mounts),
    ]);
    const command = await this.#isolation.command(options, {
      ...programOf(this.#engine, readable),
      ownUser: user !== null,
    });
    const { program, args, env } = command;
    assertWanted();
    const child = new Deno.Command(program, {
      args,
      env,
      clearEnv: true,
      cwd: "/",
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const tree = new ProcessTree(child, command);
    return { child, tree, location, user, options: command.options, lockDown: command.lockDown };
  }

  /**
   * Chooses the user that the kernel's process becomes when this process is root's: one of its own, or
   * the owner of its mounts, because that user may write there. When the mounts have several owners or
   * belong to root, the kernel's process stays root's, without capabilities.
   */
  async #chooseUser(mounts: readonly Mount[]): Promise<KernelUser | null> {
    const { users } = this.#isolation;
    if (!users.available) return null;
    if (mounts.length === 0) {
      this.#taken = users.take();
      return this.#taken ?? null;
    }
    const owners = await Promise.all(mounts.map(({ root }) => Deno.stat(root)));
    const [{ uid, gid }] = owners as [Deno.FileInfo];
    if (owners.some((it) => it.uid !== uid) || uid === null || gid === null) return null;
    return uid === 0 ? null : { uid, gid };
  }
}

/** Compiles the modules of an engine's processes, so that the first process need not wait for that. */
export async function prepareProcesses(
  engine: ProcessEngine,
  readable: readonly string[],
  isolation: Isolation,
): Promise<void> {
  await isolation.prepare(programOf(engine, readable));
}

function programOf(
  engine: ProcessEngine,
  readable: readonly string[],
): Omit<ConfinedProgram, "ownUser"> {
  const { processEntry: entry, workerEntry } = engine;
  const { selfContained = false, usesJavaScriptHeap = false } = engine;
  return {
    ...{ entry, workerEntry, selfContained, usesJavaScriptHeap },
    readable: [LIBRARY, ...readable],
  };
}

/**
 * Checks that a process has become the user that it was told to become, and has put on its filter of system
 * calls. The check comes before the process executes anything.
 *
 * @throws {KernelError} `start_failed` when one of them is missing.
 */
export function assertConfined({ tree: { pid }, user, lockDown }: LaunchedProcess): void {
  const fail = (what: string) => new KernelError("start_failed", `It did not ${what}`);
  if (user && readUser(pid) !== user.uid) throw fail("become the user that it should be");
  if (lockDown && !filtersSystemCalls(pid)) throw fail("give up the system calls that it should");
}
