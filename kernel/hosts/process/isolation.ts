import type { IsolationMeasure } from "../../isolation.ts";
import type { ProcessOptions } from "../../start_options.ts";
import {
  denoCommand,
  type DenoCommandOptions,
  needsNetwork,
  type ProcessCommand,
  resourceLimits,
} from "./command.ts";
import { KernelUsers } from "./users.ts";

/** The means of this system to keep processes apart. They are found by trying. */
export class Isolation {
  /** Users for kernels that get one of their own. */
  readonly users: KernelUsers = new KernelUsers();
  #probed: Promise<Tools> | undefined;

  /** Describes the means that are in force for process kernels, and those that this system lacks. */
  async report(): Promise<IsolationMeasure[]> {
    const tools = await this.#tools();
    const ownUsers = this.users.available;
    const missing = (tool: string) => `"${tool}" does not work here`;
    const measure = (name: string, applied: boolean, does: string, otherwise: string) => ({
      name,
      applied,
      detail: applied ? does : otherwise,
    });
    return [
      measure("own process", true, "each kernel is a process that can be killed", ""),
      measure("empty environment", true, "variables only as granted", ""),
      measure("scoped permissions", true, "Deno's, exactly as granted", ""),
      measure("no code from strings", true, "unless the kernel was created with allowEval", ""),
      measure(
        "own user",
        ownUsers,
        "a user id of its own; with mounts that of their owner",
        "only a server that runs as root on Linux, with the right to, can give kernels other user ids",
      ),
      measure(
        "no new privileges",
        tools.privileges !== undefined,
        "nothing it could start gains rights; no capabilities",
        missing("setpriv"),
      ),
      measure(
        "no network",
        tools.network !== undefined,
        "a network namespace without interfaces, unless net was granted",
        missing("unshare --net"),
      ),
      measure(
        "resource limits",
        tools.limits !== undefined,
        "writable memory, open files, no core dumps" + (ownUsers ? ", threads" : ""),
        missing("prlimit"),
      ),
      measure(
        "memory watchdog",
        tools.watchdog,
        "resident memory, looked at every 25 ms while it works",
        "there is no /proc to read it from",
      ),
    ];
  }

  /** Returns the command that starts the process of a kernel, kept apart as well as this system can. */
  async command(options: ProcessOptions, deno: DenoCommandOptions): Promise<ProcessCommand> {
    const { permissions, limits } = options;
    const tools = await this.#tools();
    const { program, args, env } = denoCommand(options, deno);
    const [first, ...rest] = [
      ...(needsNetwork(permissions) ? [] : tools.network ?? []),
      ...(tools.limits ? [...tools.limits, ...resourceLimits(limits, deno.ownUser)] : []),
      ...(tools.privileges?.(deno.ownUser) ?? []),
      program,
      ...args,
    ];
    return { program: first!, args: rest, env };
  }

  #tools(): Promise<Tools> {
    return this.#probed ??= probe(this.users.available);
  }
}

/** The beginnings of command lines that work here; undefined is a tool that does not. */
interface Tools {
  network: string[] | undefined;
  limits: string[] | undefined;
  /** Takes true for a process that has to be able to become another user. */
  privileges: ((changesUser: boolean) => string[]) | undefined;
  /** True when the memory of other processes can be read. */
  watchdog: boolean;
}

async function probe(privileged: boolean): Promise<Tools> {
  const users = privileged ? [] : ["--user", "--map-current-user"];
  const groups = privileged ? ["--clear-groups"] : [];
  const dropping = (changesUser: boolean) => [
    "setpriv",
    "--no-new-privs",
    // Needed until code is executed: to become another user, and to read what others own.
    `--bounding-set=-all${changesUser ? ",+setuid,+setgid,+dac_read_search" : ""}`,
    "--inh-caps=-all",
    ...groups,
    "--",
  ];
  // A process that is not root's has no capabilities to drop.
  const plain = ["setpriv", "--no-new-privs", "--"];
  const [network, limits, drops, gainsNothing, watchdog] = await Promise.all([
    works(["unshare", ...users, "--net", "--"]),
    works(["prlimit", "--core=0"]),
    works(dropping(privileged)),
    works(plain),
    Deno.stat("/proc/self/stat").then(() => true, () => false),
  ]);
  return {
    network,
    limits,
    privileges: drops ? dropping : gainsNothing ? () => plain : undefined,
    watchdog,
  };
}

/** Returns the command line when a program can be started with it. */
async function works(prefix: string[]): Promise<string[] | undefined> {
  const [program, ...args] = prefix;
  try {
    const { success } = await new Deno.Command(program!, {
      args: [...args, "true"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? prefix : undefined;
  } catch {
    return undefined; // It is not installed.
  }
}
