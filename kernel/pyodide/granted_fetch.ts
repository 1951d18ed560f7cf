/**
 * Returns a `fetch` whose refusals say what a kernel's user can do about them: the engine's own name a flag
 * that the user has no way to give.
 */
export function grantedFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "NotCapable") throw error;
      const host = /"([^"]*)"/.exec(error.message)?.[1] ?? "this address";
      throw new TypeError(`The kernel may not connect to ${host}: it was not granted this host`);
    }
  };
}
