import type { RuntimeInit } from "../runtime.ts";
import { brokeredFetch } from "./brokered_fetch.ts";
import { grantedFetch } from "./granted_fetch.ts";

/** Gives this worker its `fetch`: installers use it, and in a kernel without a network the host fetches for them. */
export function prepareFetch({ packages, options: { permissions } }: RuntimeInit): void {
  if (packages && permissions !== "inherit" && permissions.net === false) {
    globalThis.fetch = brokeredFetch(packages);
  } else globalThis.fetch = grantedFetch(globalThis.fetch);
}
