import { KernelMode, type KernelOptions } from "../../../kernel/mod.ts";

/** A kind of kernel that clients can choose. */
export interface KernelSpec {
  /** What clients ask for. */
  name: string;
  displayName: string;
  /** What its kernels are like. */
  options: KernelOptions;
}

const MODE_NAMES: Record<KernelMode, string> = {
  [KernelMode.PROCESS]: "in a process",
  [KernelMode.WORKER]: "in a worker",
  [KernelMode.MAIN_THREAD]: "in the server",
};

/** The default kind. */
export const DEFAULT_SPEC = "python";
/** What clients ask for that know Jupyter's own Python kernel by name, as notebooks do. */
const ALIASES: Record<string, string> = { python3: DEFAULT_SPEC };

/** The kinds of kernels that a server offers. */
export class KernelSpecs {
  readonly #specs = new Map<string, KernelSpec>();

  /** `python`, one for each mode that is allowed, and the configured ones. */
  constructor(
    modes: readonly KernelMode[],
    defaultMode: KernelMode,
    profiles: readonly KernelSpec[],
  ) {
    this.#add(DEFAULT_SPEC, "Python", { mode: defaultMode });
    for (const mode of modes) {
      this.#add(`python-${mode.replaceAll("_", "-")}`, `Python (${MODE_NAMES[mode]})`, { mode });
    }
    for (const { name, displayName, options } of profiles) {
      this.#add(name, displayName, { mode: defaultMode, ...options });
    }
  }

  /** All of them, the default one first. */
  list(): KernelSpec[] {
    return [...this.#specs.values()];
  }

  /** The one of that name; undefined when there is none. */
  get(name: string): KernelSpec | undefined {
    return this.#specs.get(name) ?? this.#specs.get(ALIASES[name] ?? "");
  }

  #add(name: string, displayName: string, options: KernelOptions): void {
    this.#specs.set(name, { name, displayName, options });
  }
}

/** A kind of kernel as Jupyter's clients read it. */
export function specModel({ name, displayName, options }: KernelSpec) {
  return {
    name,
    spec: {
      // Nothing that a client could start: kernels are started here.
      argv: [] as string[],
      env: {},
      display_name: displayName,
      language: "python",
      interrupt_mode: "message",
      metadata: { mode: options.mode, debugger: false },
    },
    resources: { "logo-svg": `/kernelspecs/${encodeURIComponent(name)}/logo-svg.svg` },
  };
}
