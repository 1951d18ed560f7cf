/**
 * Lets Python start in a worker whose globals have been reduced already. Its loader asks for what it would
 * have found before: it gets it back while it starts, and nothing else runs in the meantime.
 */
import { registerHooks } from "node:module";

const NAMES = ["MessageChannel", "MessagePort", "navigator", "process"] as const;

/** Taken before the globals are reduced and user code runs. */
const taken = NAMES.map((name) =>
  [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const
);
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { deleteProperty } = Reflect;

/** Gives back the globals and Node's modules until the result is disposed. */
export function withWholeGlobals(): Disposable {
  const before = NAMES.map((name) => [name, getOwnPropertyDescriptor(globalThis, name)] as const);
  put(taken);
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith("node:")
        ? { url: specifier, shortCircuit: true }
        : next(specifier, context),
  });
  return {
    [Symbol.dispose]() {
      hooks.deregister();
      put(before);
    },
  };
}

function put(descriptors: readonly (readonly [string, PropertyDescriptor | undefined])[]): void {
  for (const [name, descriptor] of descriptors) {
    if (descriptor) defineProperty(globalThis, name, { ...descriptor, configurable: true });
    else deleteProperty(globalThis, name);
  }
}
