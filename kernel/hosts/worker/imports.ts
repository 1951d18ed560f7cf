/**
 * Restricts the dynamic imports of a kernel's code. Deno asks no permission for its built-in modules
 * (`node:`), for code in an address (`data:`, `blob:`) and for packages (`npm:`), and stores the compiled
 * modules in the cache directory of the whole server.
 */
import { registerHooks } from "node:module";

const { call } = Function.prototype;
const { preventExtensions } = Object;
/** Bound before any user code can replace the method. */
const startsWith = call.bind(String.prototype.startsWith) as (
  text: string,
  head: string,
) => boolean;

/**
 * Refuses every later import in this thread. When importing was granted, modules of the network are let
 * through, because Deno compares their host with the grant itself.
 */
export function restrictImports(granted: boolean): void {
  registerHooks({
    resolve(specifier, { parentURL = "" }, next) {
      if (granted && isRemote(specifier, parentURL)) return next(specifier);
      // User code can replace the methods by which an error becomes a text, so a text is thrown.
      throw `A kernel cannot import "${specifier}": nothing was granted to be imported from there`;
    },
  });
  // Deno reads its hooks from an array by index. User code that could add an accessor for an index to
  // the prototype of all arrays would replace this hook.
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
