import { toRefusal } from "./refusals.ts";

/** Rejects when a host, by its name or address, must not be reached although it is granted. */
export type CheckHost = (host: string, port: number) => Promise<void>;

/**
 * Returns a `fetch` whose refusals say what a kernel's user can do about them: the engine's own name a flag
 * that the user has no way to give. A `check` is made of the host that is asked, and of the one that has answered
 * after redirects.
 */
export function grantedFetch(
  fetch: typeof globalThis.fetch,
  check?: CheckHost,
): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = input instanceof Request ? input.url : String(input);
    try {
      await checkUrl(asked, check);
      const response = await fetch(input, init);
      try {
        if (response.redirected) await checkUrl(response.url, check);
      } catch (error) {
        await response.body?.cancel();
        throw error;
      }
      return response;
    } catch (error) {
      const refusal = toRefusal(error, URL.parse(asked)?.hostname);
      throw refusal ? new TypeError(refusal.message) : error;
    }
  };
}

async function checkUrl(text: string, check: CheckHost | undefined): Promise<void> {
  const url = URL.parse(text);
  if (!check || !url || !/^https?:$/.test(url.protocol)) return;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  await check(url.hostname.replace(/^\[|\]$/g, ""), Number(port));
}
