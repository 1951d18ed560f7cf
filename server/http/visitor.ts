import type { Token } from "../services/tokens/token.ts";

/**
 * The one who sends a request: the server's administrator (everybody, on a server that asks for no token), the
 * holder of a token that is bound to a namespace, or nobody who is known.
 */
export type Visitor =
  | { kind: "administrator" }
  | { kind: "holder"; token: Token }
  | { kind: "nobody" };

/** The paths whose handlers ask for tokens of their own: each of E2B's sandboxes has its own. */
const SANDBOXES =
  /^\/(files|e2b\/(health|execute|contexts(\/.*)?|files|(filesystem\.Filesystem|process\.Process)\/\w+))$/;

/** Tells whether the handler of a path asks for the tokens of a sandbox. */
export function isForSandbox(path: string): boolean {
  return SANDBOXES.test(path);
}
