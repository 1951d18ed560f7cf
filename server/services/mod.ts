/**
 * The services that every API uses. An API translates requests for them and their answers; it holds no
 * kernels and runs no code by itself.
 *
 * @module
 */
import type { Clock, KernelLimits, KernelMode, LanguageOffer } from "../../kernel/mod.ts";
import type { AgentSettings } from "./agents/settings.ts";
import type { Executions } from "./executions/executions.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { LiveNotebooks } from "./notebooks/live_notebooks.ts";
import type { NumberedNotebooks } from "./notebooks/numbered/numbered_notebooks.ts";
import type { Notebooks } from "./notebooks/notebooks.ts";
import type { Sandboxes } from "./sandboxes/sandboxes.ts";
import type { Apps } from "./apps/apps.ts";
import type { Sessions } from "./sessions/sessions.ts";
import type { Tokens } from "./tokens/tokens.ts";

/** The facts that clients are told of a server. */
export interface ServerFacts {
  /** The modes that kernels may have. */
  readonly modes: readonly KernelMode[];
  /** The mode of kernels whose creator names none. */
  readonly defaultMode: KernelMode;
  /** The languages that kernels can have, the default one first. */
  readonly languages: readonly LanguageOffer[];
  readonly limits: {
    readonly maxKernels: number;
    /** The executions that may wait and run in one kernel. */
    readonly maxQueue: number;
    readonly maxBodyBytes: number;
    readonly maxUploadBytes: number;
    /** The limits of a kernel whose creator sets none. */
    readonly kernel: KernelLimits;
  };
  /** The directories that kernels may mount, with those below them. */
  readonly mountRoots: readonly string[];
  /** The time at which the server started. */
  readonly startedAt: Date;
}

/** The services of a server, together with what the server was set up with. */
export interface Services {
  readonly kernels: Kernels;
  readonly executions: Executions;
  readonly sessions: Sessions;
  readonly sandboxes: Sandboxes;
  /** Undefined: the server keeps no notebooks. */
  readonly notebooks: Notebooks | undefined;
  /** The notebooks that are open; undefined: the server keeps no notebooks. */
  readonly liveNotebooks: LiveNotebooks | undefined;
  /** The notebooks whose cells have numbers. */
  readonly numberedNotebooks: NumberedNotebooks;
  readonly facts: ServerFacts;
  /** The offer to agents. */
  readonly agents: AgentSettings;
  /** Directories of this machine. */
  readonly directories: {
    /** The directory of the notebooks and the files beside them; undefined: there is none. */
    readonly notebooks: string | undefined;
    /** The directory of what outlives the process; undefined: everything stays in memory. */
    readonly data: string | undefined;
  };
  /** Measures times and delays. */
  readonly clock: Clock;
  /** Tells whether the server takes work. */
  readonly isReady: () => boolean;
}

/** The services of a whole server. */
export interface ServerServices extends Services {
  /** The tokens that are bound to namespaces. */
  readonly tokens: Tokens;
  /** The app views of notebooks. */
  readonly apps: Apps;
  /**
   * Makes the services of a namespace: they have what belongs to the namespace and nothing else. Notebooks and
   * settings are in directories of its own. It is the same object for every request until the last token of
   * the namespace has ended. The namespace null has nothing.
   */
  within(namespace: string | null): Services;
}
