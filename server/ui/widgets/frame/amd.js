// The libraries that follow define modules in AMD, and nothing else here knows that format.
globalThis.amdModules = (() => {
  const made = new Map();
  const factories = new Map();
  globalThis.define = (name, dependencies, factory) => {
    factories.set(name, () =>
      factory(
        ...dependencies.map((it) => it === "module" ? { id: name, uri: "" } : load(it)),
      ));
  };
  globalThis.define.amd = {};
  const load = (name) => {
    if (!made.has(name)) made.set(name, factories.get(name)());
    return made.get(name);
  };
  return { load };
})();
