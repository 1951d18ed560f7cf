import { isDeepStrictEqual } from "node:util";
import type { EngineLimits } from "./limits/limits.ts";
import type { Mount } from "./mounts.ts";
import type { Permissions } from "./permissions.ts";
import type { RemoteTarget } from "./remote_options.ts";
import type { ToolDescription } from "./tools/tools.ts";

/** The places where a kernel can run. */
export const KernelMode = {
  /**
   * In this thread: without isolation, with this process's permissions, and a kernel that computes blocks
   * the caller.
   */
  MAIN_THREAD: "main_thread",
  /** In a process of its own, which can always be killed: the only mode for untrusted code. */
  PROCESS: "process",
  /** On another Jupyter server, with that server's interpreters, rights and files. */
  REMOTE: "remote",
  /** In a Web Worker of its own, with exactly the permissions that it is granted. */
  WORKER: "worker",
} as const;

/** The place where a kernel runs: a value of the object of the same name. */
export type KernelMode = typeof KernelMode[keyof typeof KernelMode];

/** The modes of kernels on this machine. */
export const LOCAL_MODES: readonly KernelMode[] = [
  KernelMode.MAIN_THREAD,
  KernelMode.PROCESS,
  KernelMode.WORKER,
];

/** The start options of every mode. */
export interface CommonOptions {
  /** The name of the kernel's language. */
  language: string;
  /** The directories that the kernel sees. */
  mounts: Mount[];
  /** The limits that the interpreter itself keeps. */
  limits: EngineLimits;
  /** The packages to install before the kernel is handed out. */
  packages: readonly string[];
  /** The id of the image of installed packages that the interpreter starts from. @default none */
  image?: string;
  /** Lets the interpreter be saved as such an image. @default false */
  recording?: boolean;
}

/** Options of an interpreter in this thread, which nothing can be kept from. */
export interface MainThreadOptions extends CommonOptions {
  /** Tells the modes apart. */
  mode: typeof KernelMode.MAIN_THREAD;
  /** The interpreter has the permissions of this process. */
  permissions: "inherit";
}

/** Options of an interpreter in a worker. */
export interface WorkerOptions extends CommonOptions {
  /** Tells the modes apart. */
  mode: typeof KernelMode.WORKER;
  /** Its permissions, which include its mounts. */
  permissions: Permissions;
}

/** Options of an interpreter in a process of its own. */
export interface ProcessOptions extends CommonOptions {
  /** Tells the modes apart. */
  mode: typeof KernelMode.PROCESS;
  /** Its permissions, which include its mounts. */
  permissions: Permissions;
  /** Strings may become JavaScript code. */
  allowEval: boolean;
  /** The process must have a root directory of its own: nobody has looked for links in its mounts. */
  ownRoot: boolean;
}

/** Options of an interpreter on another server. */
export interface RemoteOptions extends CommonOptions {
  /** Tells the modes apart. */
  mode: typeof KernelMode.REMOTE;
  /** Its permissions are an affair of its server. */
  permissions: "remote";
  /** The server, and the kernel on it; the name of its kernelspec is known. */
  remote: RemoteTarget & { kernelName: string };
}

/**
 * Everything that is fixed when an interpreter starts. Interpreters with equal options are alike until
 * one of them is given an identity.
 */
export type StartOptions = LocalOptions | RemoteOptions;

/** The start options of an interpreter on this machine. */
export type LocalOptions = MainThreadOptions | WorkerOptions | ProcessOptions;

/** Tells apart kernels that were started with equal options; given to an interpreter at its hand-out. */
export interface KernelIdentity {
  /** The id of the kernel. */
  kernelId: string;
  /** The environment variables. */
  env: Record<string, string>;
  /** The working directory, absolute. */
  cwd: string;
  /** The functions of the embedding program that its code can call. @default none */
  tools?: readonly ToolDescription[];
}

/** Returns true when interpreters with these options are alike, so that either serves for the other. */
export function sameStart(one: StartOptions, other: StartOptions): boolean {
  return isDeepStrictEqual(one, other);
}
