import { KernelError } from "./errors.ts";
import type { Hosts } from "./host.ts";
import { engineLimits, type LimitOptions } from "./limits/limits.ts";
import { resolveMounts } from "./mounts.ts";
import {
  type KernelOptions,
  type KernelSpec,
  type OptionRules,
  parseKernelOptions,
} from "./options.ts";
import { assertWithinCeiling, type PermissionOptions, workerPermissions } from "./permissions.ts";
import type { RemoteTarget } from "./remote_options.ts";
import { KernelMode, type StartOptions } from "./start_options.ts";

/** The options of a manager that say which kernels may be created. */
export interface PolicyOptions {
  /** Kernels may mount these directories and what is below them. @default any */
  mountRoots?: string[];
  /** The most kernels at a time, those that start included. @default any number */
  maxKernels?: number;
  /** The limits of kernels that name none. @default see `KernelLimits` */
  limits?: LimitOptions;
  /** The highest limits that kernels may ask for. @default any */
  limitCeilings?: LimitOptions;
  /** The modes that kernels may have. @default all */
  allowedModes?: readonly KernelMode[];
  /**
   * The most that a kernel may be granted. Its mounts are a matter of `mountRoots`. Main-thread kernels
   * have all of this process's permissions: with a ceiling they are refused, unless `allowedModes`
   * names them. @default anything
   */
  permissionCeiling?: PermissionOptions;
}

/** A language as the policy sees it: an `Engine` is one. */
export type PolicyLanguage = OptionRules["languages"][number] & {
  readonly modes?: readonly KernelMode[];
};

/** Decides which kernels may be created, and with which options their interpreters start. */
export class CreationPolicy {
  readonly #options: PolicyOptions;
  readonly #languages: readonly PolicyLanguage[];
  readonly #getsOwnRoot: NonNullable<Hosts["getsOwnRoot"]>;
  readonly #remote: Hosts["remote"];

  /** `hosts` knows which kernels have a root directory of their own, and the other servers. */
  constructor(
    options: PolicyOptions,
    languages: readonly PolicyLanguage[],
    { getsOwnRoot = () => Promise.resolve(false), remote }: Pick<Hosts, "getsOwnRoot" | "remote"> =
      {},
  ) {
    this.#options = options;
    this.#languages = languages;
    this.#getsOwnRoot = getsOwnRoot;
    this.#remote = remote;
  }

  /**
   * Checks the options of a kernel and fills in the defaults.
   *
   * @throws {KernelError} `invalid_argument` or `permission_denied`, naming the option.
   */
  parse(options: KernelOptions): KernelSpec {
    const { limits: defaults, limitCeilings: ceilings } = this.#options;
    return parseKernelOptions(options, { languages: this.#languages, defaults, ceilings });
  }

  /**
   * Refuses a kernel that may not be created beside that many others.
   *
   * @throws {KernelError} `limit_exceeded` or `permission_denied`.
   */
  assertAllowed({ mode, permissions, language }: KernelSpec, others: number): void {
    const { maxKernels = Infinity, allowedModes, permissionCeiling } = this.#options;
    if (others >= maxKernels) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot create kernel: there are as many as there may be (limit ${maxKernels}); end one first`,
      );
    }
    const { modes: possible } = this.#languages.find((it) => it.language === language)!;
    if (possible?.includes(mode) === false) {
      throw new KernelError(
        "invalid_argument",
        `Cannot create kernel: mode: "${language}" kernels cannot have the mode "${mode}"; use ` +
          possible.map((it) => `"${it}"`).join(" or "),
      );
    }
    const scoped = mode !== KernelMode.MAIN_THREAD || permissionCeiling === undefined;
    if (!(allowedModes?.includes(mode) ?? scoped)) {
      const modes = allowedModes?.filter((it) => it !== mode) ?? [KernelMode.WORKER];
      throw new KernelError(
        "permission_denied",
        `Cannot create kernel: mode: "${mode}" is not allowed here; use ` +
          modes.map((it) => `"${it}"`).join(" or "),
      );
    }
    if (permissionCeiling) assertWithinCeiling(permissions, permissionCeiling);
  }

  /**
   * Finds the options that a kernel's interpreters start with: its mounts are real directories then.
   *
   * @throws {KernelError} `invalid_argument` or `permission_denied`, naming the mount.
   */
  async resolve(spec: KernelSpec): Promise<StartOptions> {
    if (spec.remote) return await this.#resolveRemote(spec, spec.remote);
    const { language, mode, packages, allowEval } = spec;
    const ownRoot = mode === KernelMode.PROCESS &&
      await this.#getsOwnRoot(language, spec.permissions);
    const mounts = await resolveMounts(spec.mounts, {
      allowedRoots: this.#options.mountRoots,
      confined: ownRoot,
    });
    const common = { language, mounts, limits: engineLimits(spec.limits), packages };
    switch (mode) {
      case "main_thread":
        return { ...common, mode, permissions: "inherit" };
      case "worker":
        return { ...common, mode, permissions: workerPermissions(spec.permissions, mounts) };
      case "process": {
        const permissions = workerPermissions(spec.permissions, mounts);
        return { ...common, mode, permissions, allowEval, ownRoot };
      }
      case "remote":
        throw new TypeError("A remote kernel without a server was parsed");
    }
  }

  async #resolveRemote(spec: KernelSpec, target: RemoteTarget): Promise<StartOptions> {
    if (!this.#remote) {
      throw new KernelError(
        "invalid_argument",
        "Cannot create kernel: server: no other server is configured",
      );
    }
    const { language, remote } = await this.#remote.resolve(target, spec.remoteLanguage);
    const limits = engineLimits(spec.limits);
    const common = { language, mounts: [], limits, packages: [] };
    return { ...common, mode: KernelMode.REMOTE, permissions: "remote", remote };
  }
}
