/**
 * Dynamic imports of a kernel's code. Deno asks no permission for modules that come with it (`node:`),
 * for code in an address (`data:`, `blob:`) and for packages (`npm:`), and keeps what it compiles in the
 * cache directory of the whole server.
 */
import { registerHooks } from "node:module";

const { call } = Function.prototype;
const { preventExtensions } = Object;
/** Made before any code of a stranger's can replace the method. */
const startsWith = call.bind(String.prototype.startsWith) as (
  text: string,
  head: string,
) => boolean;

/**
 * Refuses every import from now on in this thread, but, where importing was granted, what comes from
 * the network, of which Deno compares the host with the grant.
 */
export function restrictImports(granted: boolean): void {
  registerHooks({
    resolve(specifier, { parentURL = "" }, next) {
      if (granted && isRemote(specifier, parentURL)) return next(specifier);
      // A text, because the way an error becomes one can be replaced.
      throw `A kernel cannot import "${specifier}": nothing was granted to be imported from there`;
    },
  });
  // Deno collects its hooks in an array that it then reads by index, so an accessor that a prototype
  // of all arrays gets for an index would stand in for this hook.
  preventExtensions(Array.prototype);
  preventExtensions(Object.prototype);
}

function isRemote(specifier: string, parent: string): boolean {
  return isAddress(specifier) || isRelative(specifier) && isAddress(parent);
}

function isAddress(text: string): boolean {
  return startsWith(text, "https://") || startsWith(text, "http://");
}

function isRelative(text: string): boolean {
  return startsWith(text, "./") || startsWith(text, "../") || startsWith(text, "/");
}
