import { systemClock } from "../../kernel/clock.ts";
import { defaultEngines, defaultHosts } from "../../kernel/default_hosts.ts";
import { RemoteServers } from "../../kernel/hosts/remote/servers.ts";
import {
  type Engine,
  type Kernel,
  type KernelEventOf,
  type KernelEventType,
  KernelManager,
  type KernelManagerOptions,
  type KernelOptions,
  type NpmOptions,
  type PackageStoreOptions,
} from "../../kernel/mod.ts";
import { EchoEngine } from "./echo_engine/engine.ts";

/** Makes the engines of kernels in tests; without `packages` and `npm`, kernels have no packages. */
function testEngines(packages: PackageStoreOptions | false = false, npm?: NpmOptions): Engine[] {
  return [...defaultEngines({ packages, npm }), new EchoEngine()];
}

/** One set of hosts for a whole test file, so that the assets of kernels are loaded once. */
const hosts = defaultHosts(testEngines());

/** Makes a manager that the test has to dispose. */
export function createManager(
  { packages, npm, servers, ...options }: Omit<KernelManagerOptions, "hosts" | "engines"> = {},
): KernelManager {
  const remote = new RemoteServers(servers ?? {}, options.clock ?? systemClock);
  return new KernelManager({
    hosts: { ...hosts, remote },
    engines: testEngines(packages, npm),
    ...options,
  });
}

/** Makes a kernel in a manager of its own; both end with the test. */
export async function createKernel(
  options: KernelOptions = {},
  managerOptions: Parameters<typeof createManager>[0] = {},
): Promise<KernelFixture> {
  const manager = createManager(managerOptions);
  const id = await manager.createKernel(options);
  return {
    id,
    manager,
    kernel: manager.getKernel(id),
    [Symbol.asyncDispose]: () => manager[Symbol.asyncDispose](),
  };
}

/** The result of {@linkcode createKernel}. */
export interface KernelFixture extends AsyncDisposable {
  id: string;
  manager: KernelManager;
  kernel: Kernel;
}

/** Makes a directory with these files, which is removed at the end of the test. */
export async function temporaryDirectory(
  files: Record<string, string> = {},
): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "kernel_test_" }));
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Collects the warnings of a test, which then do not go to the terminal. */
export function warnings(): { texts: string[] } & Disposable {
  const { warn } = console;
  const texts: string[] = [];
  console.warn = (text: string) => void texts.push(text);
  return { texts, [Symbol.dispose]: () => void (console.warn = warn) };
}

/** Resolves with the next event for which `accept` answers true; rejects after `timeoutMs`. */
export async function nextEvent<T extends KernelEventType>(
  { events }: Pick<Kernel | KernelManager, "events">,
  type: T,
  accept: (event: KernelEventOf<T>) => boolean = () => true,
  timeoutMs = 60_000,
): Promise<KernelEventOf<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<
    KernelEventOf<T>
  >();
  using _subscription = events.on(type, (event) => {
    if (accept(event)) resolve(event);
  });
  const timer = setTimeout(
    () => reject(new Error(`no "${type}" within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** The permissions of a kernel that was granted none, every kind spelled out. */
export const NOTHING_GRANTED = {
  read: false,
  write: false,
  net: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
};
