import { randomBytes } from "node:crypto";
import { nameInGroup } from "../../../services/namespaces/scope.ts";

/** The namespace of the kernels that agents start. */
export const NAMESPACE = "mcp";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const GENERATED = /^s-[0-9a-hjkmnp-tv-z]{16}$/;

/** Makes a name that nobody can guess. */
export function generateName(): string {
  return `s-${Array.from(randomBytes(16), (byte) => DIGITS[byte % 32]).join("")}`;
}

/** Tells whether a name has the form of those that `generateName` makes. */
export function isGenerated(name: string): boolean {
  return GENERATED.test(name);
}

/** Returns the id of the kernel of an agent's session. */
export function kernelIdOf(name: string): string {
  return `${NAMESPACE}:${name}`;
}

/** Returns the name by which agents call a kernel. */
export function nameOf(kernelId: string): string {
  return nameInGroup(kernelId, NAMESPACE) ?? kernelId;
}
