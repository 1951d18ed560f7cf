/**
 * By language, a cell that prints what an attack could have changed in its kernel without ending it. Imported
 * modules do not count, and neither do the names of the prompt's history.
 */
export const STATE_CELLS: Readonly<Record<string, string>> = {
  python: `import builtins, glob, json, js, os, signal, sys, types
print(json.dumps([
  kept,
  sorted(it for it in globals() if it[0] != "_" and not isinstance(globals()[it], types.ModuleType)),
  [[it, id(vars(builtins)[it])] for it in sorted(vars(builtins)) if it != "_"],
  [sys.path, sys.argv, sys.getrecursionlimit(), len(sys.meta_path), os.getcwd(), dict(os.environ)],
  [str(signal.getsignal(it)) for it in (signal.SIGINT, signal.SIGTERM)],
  sorted(glob.glob("/*") + glob.glob("/tmp/*")),
  [str(js.Object.getOwnPropertyNames(it)) for it in (
    js.self, js.Object, js.Object.prototype, js.Array.prototype, js.Promise.prototype, js.JSON, js.console)],
  [js.Object.getPrototypeOf(it.prototype) == js.Object.prototype for it in (js.Array, js.Promise)],
]))`,
  bash: "pwd; declare -p; declare -f; alias; umask; ls -aR ~ /tmp",
  javascript: `console.log(JSON.stringify([
  kept, Deno.cwd(), Deno.env.toObject(), [...Deno.readDirSync("/tmp")].map(({ name }) => name).sort(),
  [globalThis, Object, Object.prototype, Array.prototype, Promise.prototype, JSON, console, Deno]
    .map((it) => Reflect.ownKeys(it).map(String).sort()),
  [Array, Promise].map((it) => Object.getPrototypeOf(it.prototype) === Object.prototype),
]))`,
};
