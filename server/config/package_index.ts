import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The parts of a machine that tell which index of packages its users have chosen. */
export interface Machine {
  /** The environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** Reads a file; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Returns the help of `pip install`, which names pip's own index; undefined without pip. */
  pipHelp(): Promise<string | undefined>;
}

/**
 * Finds the index of packages that pip or uv on a machine use: by their variables, pip's configuration
 * files, or pip's own default. The address may contain credentials. Undefined when there is none.
 */
export async function findPackageIndex(machine: Machine): Promise<string | undefined> {
  const { env } = machine;
  if (/^(1|true|yes|on)$/i.test(env["PIP_NO_INDEX"] ?? "")) return undefined;
  // uv writes NAME=URL for an index that has a name.
  const uv = (env["UV_DEFAULT_INDEX"] || env["UV_INDEX_URL"])?.replace(/^[\w-]+=(?=https?:)/, "");
  const given = env["PIP_INDEX_URL"] || uv;
  if (given) return given;
  for (const path of configurationFiles(env)) {
    const found = INDEX_URL.exec(await machine.read(path) ?? "")?.[1];
    if (found) return found;
  }
  return DEFAULT_INDEX.exec(await machine.pipHelp() ?? "")?.[1];
}

/** The line of a configuration file of pip that names the index. */
const INDEX_URL = /^[ \t]*index[-_]url[ \t]*[=:][ \t]*(https?:\S+)/m;
const DEFAULT_INDEX = /--index-url <url>[^(]*\(default\s+(https?:[^\s)]+)\)/;

/** Lists pip's configuration files, the one that counts most first. */
function configurationFiles(env: Machine["env"]): string[] {
  const { HOME: home, VIRTUAL_ENV: venv } = env;
  const user = env["XDG_CONFIG_HOME"] || (home && join(home, ".config"));
  const files = [
    env["PIP_CONFIG_FILE"],
    venv && join(venv, "pip.conf"),
    user && join(user, "pip", "pip.conf"),
    home && join(home, ".pip", "pip.conf"),
    "/etc/pip.conf",
  ];
  return files.filter((it): it is string => !!it);
}

/** The time that pip has to print its default index, in milliseconds. */
const PIP_MS = 20_000;

/** Returns this machine. */
export function thisMachine(env: Machine["env"]): Machine {
  return {
    env,
    read: (path) => readFile(path, "utf8").catch(() => undefined),
    async pipHelp() {
      for (const [program, ...args] of [["python3", "-m", "pip"], ["pip"]] as const) {
        try {
          const { success, stdout } = await new Deno.Command(program, {
            args: [...args, "install", "--help"],
            stdin: "null",
            stderr: "null",
            signal: AbortSignal.timeout(PIP_MS),
          }).output();
          if (success) return new TextDecoder().decode(stdout);
        } catch {
          continue; // There is no such program, or this server may not run any.
        }
      }
      return undefined;
    },
  };
}
