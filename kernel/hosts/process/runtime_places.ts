/** The host's files that Deno needs to run: its program, its libraries, the settings of name resolution. */
import type { Place } from "./own_root.ts";

/** The paths of a kernel's program, modules and tools in a root of its own. */
export const IN_ROOT = {
  deno: "/deno",
  empty: "/tmp",
  modules: "/modules",
  setpriv: "/setpriv",
};

const RESOLVER = [
  "/etc/gai.conf",
  "/etc/host.conf",
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/resolv.conf",
];
/** Libraries that the C library opens by itself when it resolves a name. */
const RESOLVER_LIBRARIES = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"];

/**
 * Returns the places of Deno, of the program `setpriv`, which drops privileges, and of their libraries.
 *
 * @throws {Error} when `ldd` cannot list the libraries.
 */
export async function runtimePlaces(setpriv: string): Promise<Place[]> {
  const programs = [[Deno.execPath(), IN_ROOT.deno], [setpriv, IN_ROOT.setpriv]] as const;
  const lists = await Promise.all(programs.map(([path]) => librariesOf(path)));
  return [
    ...programs.map(([from, to]): Place => ({ from, to, kind: "file", runs: true })),
    ...[...new Set(lists.flat())].map(library),
  ];
}

/** Returns the places that a process with a network needs besides, to resolve names. */
export async function resolverPlaces(libraries: readonly Place[]): Promise<Place[]> {
  const libc = libraries.find(({ to }) => to.endsWith("/libc.so.6"))?.to ?? "/lib/libc.so.6";
  const beside = RESOLVER_LIBRARIES.map((name) => libc.replace("libc.so.6", name));
  const [files, more] = await Promise.all([existing(RESOLVER), existing(beside)]);
  const known = new Set(libraries.map(({ to }) => to));
  return [
    ...files.map((path): Place => ({ from: path, to: path, kind: "file" })),
    ...more.filter((path) => !known.has(path)).map(library),
  ];
}

function library(path: string): Place {
  return { from: path, to: path, kind: "file", runs: true };
}

/** Returns the paths of the libraries that a program loads, with the path of the loader. */
async function librariesOf(program: string): Promise<string[]> {
  const { success, stdout } = await new Deno.Command("ldd", {
    args: [program],
    stdin: "null",
    stderr: "null",
  }).output();
  const paths = new TextDecoder().decode(stdout).match(/\/\S+(?= \(0x)/g);
  if (!success || !paths) throw new Error(`"ldd ${program}" does not say which libraries it loads`);
  return paths;
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => Deno.stat(path).catch(() => undefined)));
  return paths.filter((_, index) => found[index]?.isFile);
}
