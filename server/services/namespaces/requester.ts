import { AsyncLocalStorage } from "node:async_hooks";
import type { Grant } from "./grant.ts";

/** The grant of the token that the request of now came with. */
const requester = new AsyncLocalStorage<Grant>();

/** Runs a task for a request whose token has a grant: {@linkcode currentGrant} returns it there. */
export function withGrant<T>(grant: Grant, task: () => T): T {
  return requester.run(grant, task);
}

/** Returns the grant of the request of now; undefined outside of every request with one. */
export function currentGrant(): Grant | undefined {
  return requester.getStore();
}
