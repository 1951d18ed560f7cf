import type { Permissions } from "../../permissions.ts";
import type { LocalOptions } from "../../start_options.ts";
import type { StreamName } from "../../streams.ts";

/** Taken before the globals are reduced. */
const { inspect } = Deno;

const CONSOLE_STREAMS: Record<string, StreamName> = {
  debug: "stdout",
  info: "stdout",
  log: "stdout",
  error: "stderr",
  trace: "stderr",
  warn: "stderr",
};

/** Shows the output of JavaScript's console as the kernel's; it would reach the server's terminal. */
export function captureConsole(write: (name: StreamName, text: string) => void): void {
  for (const [method, stream] of Object.entries(CONSOLE_STREAMS)) {
    const print = (...values: unknown[]) => {
      const text = values.map((it) => typeof it === "string" ? it : inspect(it)).join(" ");
      write(stream, `${text}\n`);
    };
    Object.defineProperty(console, method, { value: print, writable: true, configurable: true });
  }
}

/**
 * The globals that reach beyond a kernel: to other kernels, this process, this worker's host, the drivers
 * of graphics. No kernel needs them. A class goes with its only object, because another one can be made of
 * its prototype.
 */
const REMOVED = [
  ...["BroadcastChannel", "MessageChannel", "MessagePort", "Worker"],
  ...["Cache", "CacheStorage", "caches"],
  ...["Lock", "LockManager", "NavigatorUAData", "WorkerNavigator", "navigator"],
  ...["ImageBitmapRenderingContext", "OffscreenCanvas"],
  ...["DedicatedWorkerGlobalScope", "WorkerGlobalScope", "nodeBootstrap"],
  ...["close", "onmessage", "postMessage"],
];
/** The names of the globals for graphics. */
const GRAPHICS = /^GPU/;
/** The globals that are of no use without access to the network. */
const NETWORK = ["EventSource", "WebSocket"];

/** The members of `Deno` that are kept, by the permission that they take. Node's file system needs the first ones. */
const DENO_API: Record<"always" | keyof Permissions, string[]> = {
  always: [
    ...["FsFile", "SeekMode", "build", "errors", "inspect", "version"],
    ...["chmod", "chown", "copyFile", "link", "lstat", "mkdir", "open", "readDir", "readFile"],
    ...["readLink", "readTextFile", "realPath", "remove", "rename", "stat", "symlink", "truncate"],
    ...["utime", "writeFile", "writeTextFile", "create", "makeTempDir", "makeTempFile"],
  ].flatMap((name) => [name, `${name}Sync`]),
  read: ["watchFs"],
  write: [],
  net: [
    ...["connect", "connectTls", "startTls", "listen", "listenTls", "resolveDns", "serve"],
    ...["upgradeWebSocket", "createHttpClient", "HttpClient", "networkInterfaces"],
  ],
  env: ["env"],
  run: ["Command", "ChildProcess", "kill", "spawn", "spawnAndWait", "spawnAndWaitSync"],
  ffi: ["dlopen", "UnsafeCallback", "UnsafeFnPointer", "UnsafePointer", "UnsafePointerView"],
  sys: ["hostname", "loadavg", "osRelease", "osUptime", "systemMemoryInfo", "gid", "uid"],
  import: [],
};

/**
 * Takes away what reaches other kernels of this process or pretends to be this worker's runtime, and
 * leaves of `Deno` what the kernel was granted. It makes accidents rare and attacks longer; what keeps
 * an attack in is the process around it, and a worker in the server's has none. The `replaced` members take
 * the place of those of `Deno`.
 */
export function reduceGlobals(
  permissions: LocalOptions["permissions"],
  replaced: Partial<typeof Deno> = {},
): void {
  const granted = (kind: keyof Permissions) =>
    permissions === "inherit" || permissions[kind] !== false;
  const graphics = Object.getOwnPropertyNames(globalThis).filter((name) => GRAPHICS.test(name));
  for (const name of [...REMOVED, ...graphics, ...(granted("net") ? [] : NETWORK)]) {
    Reflect.deleteProperty(globalThis, name);
  }
  const kinds = Object.keys(DENO_API) as (keyof typeof DENO_API)[];
  const names = kinds.filter((kind) => kind === "always" || granted(kind))
    .flatMap((kind) => DENO_API[kind]);
  // Descriptors are copied, not values: many values are made only when they are first asked for.
  const kept = Object.defineProperties(
    {},
    Object.fromEntries(
      names.filter((name) => Object.hasOwn(Deno, name)).map((name) =>
        [name, Object.getOwnPropertyDescriptor(Deno, name)!] as const
      ),
    ),
  );
  for (const [name, value] of Object.entries(replaced)) {
    Object.defineProperty(kept, name, { value });
  }
  // An interpreter that was built for Node leaves its exit code there; it needs nothing else of it.
  Object.defineProperty(globalThis, "process", { value: {} });
  Object.defineProperty(globalThis, "Deno", { value: Object.freeze(kept), enumerable: true });
}
