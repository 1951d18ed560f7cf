import { KernelMode, type KernelOptions, type LanguageOffer } from "../../../kernel/mod.ts";
import { type Grant, isWithin } from "../namespaces/grant.ts";

/** A kind of kernel that clients can choose by its name. */
export interface KernelKind {
  name: string;
  /** The name for people. */
  displayName: string;
  /** The language that its kernels run. */
  language: string;
  /** The options that its kernels start with. */
  options: KernelOptions;
  /** True when its kernels are started again when they die. */
  autoRestart: boolean;
}

/** Options for {@linkcode KernelKinds}. */
export interface KernelKindsInit {
  /** The modes that clients may ask for: each is a kind. */
  modes: readonly KernelMode[];
  /** The mode of kinds that name none. */
  defaultMode: KernelMode;
  /** The languages; each is a kind, if its kernels can have one of the modes. */
  languages: readonly LanguageOffer[];
  /** The names of the other servers on which kernels may run: each is a kind. @default none */
  servers?: readonly string[];
  /** The kinds of the server's configuration. */
  configured: readonly KernelKind[];
}

const MODE_NAMES: Record<Exclude<KernelMode, "remote">, string> = {
  [KernelMode.PROCESS]: "in a process",
  [KernelMode.WORKER]: "in a worker",
  [KernelMode.MAIN_THREAD]: "in the server",
};

/** The language of kinds that name none. */
export const DEFAULT_LANGUAGE = "python";
/** The kind of kernels whose clients name none. */
export const DEFAULT_KIND = "python";
/** Names that notebooks and clients use for Jupyter's own Python kernel. */
const ALIASES: Record<string, string> = { python3: DEFAULT_KIND };

/**
 * The kinds of kernels that a server offers: the default one, one for each mode, one for each other language,
 * the configured ones.
 */
export class KernelKinds {
  readonly #init: KernelKindsInit;
  readonly #all = new Map<string, KernelKind>();
  readonly #grant: (() => Grant) | undefined;
  /** The kinds that each grant allows. */
  readonly #allowed = new WeakMap<Grant, KernelKinds>();

  /** With `grant`, the kinds are those that the grant allows which it returns at the time. */
  constructor(init: KernelKindsInit, grant?: () => Grant) {
    const { modes, defaultMode, languages, servers = [], configured } = init;
    this.#init = init;
    this.#grant = grant;
    this.#addPython(DEFAULT_KIND, "Python", defaultMode);
    for (const mode of modes.filter((it) => it !== KernelMode.REMOTE)) {
      this.#addPython(`python-${mode.replaceAll("_", "-")}`, `Python (${MODE_NAMES[mode]})`, mode);
    }
    for (const { language, displayName, modes: possible } of languages) {
      const mode = [defaultMode, ...modes].find((it) => possible.includes(it));
      if (mode === undefined || language === DEFAULT_LANGUAGE) continue;
      this.#all.set(language, {
        ...{ name: language, displayName, language, options: { language, mode } },
        autoRestart: false,
      });
    }
    for (const server of servers) {
      this.#all.set(server, {
        name: server,
        displayName: `Python on ${server}`,
        language: DEFAULT_LANGUAGE,
        options: { mode: KernelMode.REMOTE, server },
        autoRestart: false,
      });
    }
    for (const kind of configured) {
      this.#all.set(kind.name, { ...kind, options: { mode: defaultMode, ...kind.options } });
    }
  }

  /** Returns the kinds that a grant allows; it is asked for whenever a kind is. */
  within(grant: () => Grant): KernelKinds {
    return new KernelKinds(this.#init, grant);
  }

  /** Lists the kinds, the default one first. */
  list(): KernelKind[] {
    return [...this.#kinds.values()];
  }

  /** Returns the kind of that name; undefined when there is none. */
  get(name: string): KernelKind | undefined {
    return this.#kinds.get(name) ?? this.#kinds.get(ALIASES[name] ?? "");
  }

  /** Returns the name of the kind for kernels whose creator names at most a language. */
  nameFor(language = DEFAULT_LANGUAGE): string {
    return this.#kinds.has(language) ? language : DEFAULT_KIND;
  }

  get #kinds(): ReadonlyMap<string, KernelKind> {
    const grant = this.#grant?.();
    if (!grant) return this.#all;
    const allowed = this.#allowed.get(grant) ?? new KernelKinds(restricted(this.#init, grant));
    this.#allowed.set(grant, allowed);
    return allowed.#all;
  }

  #addPython(name: string, displayName: string, mode: KernelMode): void {
    const rest = { language: DEFAULT_LANGUAGE, options: { mode }, autoRestart: false };
    this.#all.set(name, { name, displayName, ...rest });
  }
}

/** Returns what is left of the kinds when kernels may have no more than a grant allows. */
function restricted(init: KernelKindsInit, grant: Grant): KernelKindsInit {
  const { modes, defaultMode, servers = [], configured } = init;
  const allowed = modes.filter((it) => grant.modes.includes(it));
  return {
    ...init,
    modes: allowed,
    defaultMode: allowed.includes(defaultMode) ? defaultMode : allowed[0] ?? defaultMode,
    servers: servers.filter((it) => grant.servers.includes(it)),
    configured: configured.filter(({ options }) => isWithin(grant, options)),
  };
}
