/**
 * The parts of a command line that all programs of this project share.
 *
 * @module
 */
import { statSync } from "node:fs";
import { type Config, ConfigError } from "./config/config.ts";
import { VERSION } from "./version.ts";

/** True if the arguments ask for help. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** True if the arguments ask for the version. */
export function asksForVersion(args: readonly string[]): boolean {
  return args.includes("--version");
}

/** Returns the line that tells the version. */
export function versionLine(): string {
  return `Deno Code Interpreter ${VERSION} (Deno ${Deno.version.deno})`;
}

/**
 * Checks that the directory of notebooks is there.
 *
 * @throws {ConfigError} saying what to do.
 */
export function checkNotebookDir({ notebookDir: path }: Pick<Config, "notebookDir">): void {
  if (path === undefined) return;
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) throw new ConfigError(`NOTEBOOK_DIR: there is no directory "${path}": make it first`);
  if (!info.isDirectory()) throw new ConfigError(`NOTEBOOK_DIR: "${path}" is not a directory`);
}

/** Returns what is wrong when the server cannot listen; undefined for other errors. */
export function listenProblem(error: unknown, { host, ...config }: Config): string | undefined {
  const { code, port = config.port } = (error instanceof Error ? error : {}) as {
    code?: unknown;
    port?: number;
  };
  const setting = port !== config.port && port === config.labPort ? "--lab-port" : "--port";
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} is in use; choose another with ${setting}, or 0 for any`;
    case "EACCES":
      return `this user may not listen on port ${port}; choose one from 1024 up with ${setting}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return `HOST: "${host}" is no address of this machine; use 127.0.0.1, 0.0.0.0 or one of its own`;
    default:
      return undefined;
  }
}
