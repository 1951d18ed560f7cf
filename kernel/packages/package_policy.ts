import { KernelError } from "../errors.ts";
import { canonicalName } from "./project_name.ts";

/** A `PackagePolicy` decides by a project's name if kernels may have its packages. */
export class PackagePolicy {
  readonly #allow: ReadonlySet<string> | undefined;
  readonly #deny: ReadonlySet<string>;

  /** Allows the projects of `allow`, or all when it is undefined, except those of `deny`. */
  constructor(allow: readonly string[] | undefined, deny: readonly string[]) {
    this.#allow = allow && new Set(allow.map(canonicalName));
    this.#deny = new Set(deny.map(canonicalName));
  }

  /** @throws {KernelError} `permission_denied` for a project that kernels may not have. */
  assertAllowed(name: string): void {
    const canonical = canonicalName(name);
    if (!this.#deny.has(canonical) && (this.#allow?.has(canonical) ?? true)) return;
    throw new KernelError(
      "permission_denied",
      `The package "${name}" is not allowed on this server`,
    );
  }
}
