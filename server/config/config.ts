import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import {
  checkRemoteServer,
  type KernelLimits,
  KernelMode,
  type NpmOptions,
  type PackageOptions,
  type PermissionOptions,
  type RemoteServerOptions,
} from "../../kernel/mod.ts";
import { messageOf } from "../errors/service_error.ts";
import type { AgentSettings } from "../services/agents/settings.ts";
import type { KernelProfiles } from "../services/kernels/profiles.ts";
import type { Retention } from "../services/executions/sqlite_store.ts";
import { findNpmRegistry } from "./npm_registry.ts";
import { findPackageIndex, thisMachine } from "./package_index.ts";
import { flagOf, SETTINGS, type SettingValues } from "./settings.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;

/** A namespace has the right to one part in so many of the server's kernels, unless a setting says otherwise. */
const NAMESPACE_SHARE = 4;
/** The beginning of the names of the directories that sandboxes have their files in, among the temporary ones. */
export const SANDBOX_DIR_PREFIX = "sandboxes-";

/** The configuration of a server; names tell the units. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** The token that clients must send; undefined: none is configured. */
  readonly token: string | undefined;
  /** True when clients must send a token, also when none is configured. */
  readonly requireToken: boolean;
  /** The path of the file of tokens that are bound to namespaces; undefined: there is none. */
  readonly tokensFile: string | undefined;
  /** The families of APIs that are served besides the native one. */
  readonly apiFamilies: readonly string[];
  /** True when the ports of E2B's debug mode are open. */
  readonly e2bDebugPorts: boolean;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly mountRoots: string[];
  /** The directory of the files that sandboxes share; it is there while there are sandboxes. */
  readonly sandboxDir: string;
  readonly notebookDir: string | undefined;
  /** The port of JupyterLab; undefined: it is not served. */
  readonly labPort: number | undefined;
  /** The path of the list of packages that JupyCell's kernels begin with. */
  readonly requirementsFile: string;
  readonly dataDir: string | undefined;
  readonly defaultKernelMode: KernelMode;
  readonly allowedKernelModes: readonly KernelMode[];
  readonly maxKernels: number;
  /** The most kernels at a time of a namespace whose tokens say no number. */
  readonly namespaceKernels: number;
  readonly kernelLimits: Partial<KernelLimits>;
  readonly maxKernelLimits: Partial<KernelLimits>;
  readonly kernelProfiles: KernelProfiles;
  readonly kernelPoolSize: number;
  /** The other Jupyter servers on which kernels may run, by name. */
  readonly servers: Readonly<Record<string, RemoteServerOptions>>;
  /** The source of packages; false: kernels get none. */
  readonly packages: PackageOptions | false;
  /** The source of JavaScript's packages; undefined: kernels get none. */
  readonly npm: NpmOptions | undefined;
  readonly inactivityTimeoutMs: number;
  readonly permissionCeiling: PermissionOptions;
  readonly maxBodyBytes: number;
  readonly maxUploadBytes: number;
  /** The addresses of proxies whose word about a request's client is believed. */
  readonly trustedProxies: readonly string[];
  readonly headerTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  /** The most connections of one address; 0: as many as of all together. */
  readonly maxConnectionsPerClient: number;
  /** The requests that one client may send a minute; 0: any number. */
  readonly rateLimit: number;
  readonly agents: AgentSettings;
  readonly retention: Retention;
  readonly shutdownTimeoutMs: number;
  readonly logLevel: "debug" | "info" | "warning" | "error";
  /** undefined: text on a terminal, otherwise JSON. */
  readonly logFormat: "json" | "text" | undefined;
}

/** Reports the mistakes of a configuration, one line for each setting. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The sources of a configuration. */
export interface ConfigSources {
  /** The flags, such as `--port=8080`. */
  args?: string[];
  /** The variables of the environment; those that are no settings are ignored. */
  env?: Record<string, string>;
  /** The text of an `.env` file. */
  dotenv?: string | undefined;
  /** Finds the index of packages that this machine is configured for. @default none is looked for */
  findIndex?: () => Promise<string | undefined>;
  /** Finds the registry of npm. @default there is none */
  findRegistry?: () => Promise<string | undefined>;
}

/**
 * Reads the configuration. A flag overrides the environment, and the environment overrides `.env`.
 *
 * @throws {ConfigError} naming everything that is unknown or invalid.
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const { args = [], env = {}, dotenv = "", findIndex, findRegistry } = sources;
  const file = parseEnv(dotenv);
  const flags = readFlags(args);
  const problems = Object.keys(file).filter((name) => !(name in SETTINGS)).map((name) =>
    `.env: ${name}: there is no such setting`
  );
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const given = flags[flagOf(name)] ?? env[name] ?? file[name];
    const result = setting.schema.safeParse(given ?? setting.default);
    if (result.success) values[name] = result.data;
    else {
      const shown = "secret" in setting ? "" : `"${given}": `;
      problems.push(`${name}: ${shown}${result.error.issues[0]?.message}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  // Every key was parsed by the schema of that name.
  return toConfig(values as SettingValues, {
    ...(findIndex && { findIndex }),
    ...(findRegistry && { findRegistry }),
  });
}

/** Reads the configuration of this process: its flags, environment and the `.env` of its directory. */
export function loadProcessConfig(args: string[]): Config {
  const path = resolve(".env");
  const dotenv = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const env = Deno.env.toObject();
  return loadConfig({
    args,
    env,
    dotenv,
    findIndex: () => findPackageIndex(thisMachine(env)),
    findRegistry: () => findNpmRegistry(env),
  });
}

/** Flags that other systems' programs have for a setting, each with the flag that it has here. */
const OTHER_FLAGS = { "server-url": flagOf("JUPYTER_SERVER_URL") };

function readFlags(args: string[]): Record<string, string | undefined> {
  const names = [...Object.keys(SETTINGS).map(flagOf), ...Object.keys(OTHER_FLAGS)];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    const flags: Record<string, string | undefined> = {
      ...parseArgs({ args: withSwitches(args), options }).values,
    };
    for (const [other, own] of Object.entries(OTHER_FLAGS)) flags[own] ??= flags[other];
    return flags["server-url"] === undefined ? flags : withExecutorsToken(flags);
  } catch (cause) {
    throw new ConfigError(messageOf(cause) + suggestion(args, names), { cause });
  }
}

/** Returns the flag that the first unknown argument is most like, as a question; empty when there is none. */
function suggestion(args: readonly string[], names: readonly string[]): string {
  const given = args.filter((it) => it.startsWith("--")).map((it) => it.slice(2).split("=")[0]!);
  const unknown = given.find((name) => !names.includes(name));
  if (unknown === undefined) return "";
  const shared = (name: string) => {
    let length = 0;
    while (length < name.length && name[length] === unknown[length]) length++;
    return length;
  };
  const [best] = names.toSorted((a, b) => shared(b) - shared(a));
  return best !== undefined && shared(best) >= 3 ? `: did you mean --${best}?` : "";
}

/**
 * Returns flags in which `--token` is the Jupyter server's too, as with the Colab Code Executor, whose command line has
 * `--server-url`. A token that is too short for this server is the Jupyter server's alone.
 */
function withExecutorsToken(flags: Record<string, string | undefined>) {
  const { token, ...others } = flags;
  const name = flagOf("JUPYTER_TOKEN");
  if (token === undefined || others[name] !== undefined) return flags;
  const isOwn = SETTINGS.TOKEN.schema.safeParse(token).success;
  return { ...others, [name]: token, ...(isOwn && { token }) };
}

/** Returns flags in which `--lab` alone is `--lab=on`. */
function withSwitches(args: string[]): string[] {
  return args.map((arg, index) => {
    const next = args[index + 1];
    return arg === "--lab" && (next === undefined || next.startsWith("--")) ? "--lab=on" : arg;
  });
}

function toConfig(
  values: SettingValues,
  { findIndex, findRegistry }: Pick<ConfigSources, "findIndex" | "findRegistry">,
): Config {
  const servers = remoteServers(values);
  const hasServers = Object.keys(servers).length > 0;
  const remote = hasServers && !values.ALLOWED_KERNEL_MODES.includes(KernelMode.REMOTE);
  // Whoever configures a server wants kernels on it.
  const allowedModes = [...values.ALLOWED_KERNEL_MODES, ...(remote ? [KernelMode.REMOTE] : [])];
  const defaultMode = values.DEFAULT_KERNEL_MODE ?? allowedModes[0]!;
  if (!allowedModes.includes(defaultMode)) {
    throw new ConfigError(
      `DEFAULT_KERNEL_MODE: "${defaultMode}": this mode is not among ALLOWED_KERNEL_MODES ` +
        `(${allowedModes.join(", ")})`,
    );
  }
  const local = LOOPBACK.test(values.HOST);
  const labPort = labPortOf(values);
  return {
    host: values.HOST,
    port: values.PORT,
    token: values.TOKEN,
    requireToken: values.TOKEN !== undefined || values.TOKENS_FILE !== undefined || !local,
    tokensFile: values.TOKENS_FILE,
    apiFamilies: values.API_FAMILIES,
    e2bDebugPorts: values.E2B_DEBUG_PORTS === "on",
    allowedOrigins: values.ALLOWED_ORIGINS,
    allowedHosts: values.ALLOWED_HOSTS,
    mountRoots: values.MOUNT_ROOTS,
    sandboxDir: join(tmpdir(), SANDBOX_DIR_PREFIX + randomUUID()),
    notebookDir: values.NOTEBOOK_DIR ?? (labPort === undefined ? undefined : resolve("notebooks")),
    labPort,
    requirementsFile: resolve(values.JUPYCELL_REQUIREMENTS),
    dataDir: values.DATA_DIR,
    defaultKernelMode: defaultMode,
    allowedKernelModes: allowedModes,
    maxKernels: values.MAX_KERNELS,
    namespaceKernels: values.NAMESPACE_KERNELS ??
      Math.ceil(values.MAX_KERNELS / NAMESPACE_SHARE),
    kernelLimits: values.KERNEL_LIMITS,
    maxKernelLimits: { queue: values.MAX_QUEUE, ...values.MAX_KERNEL_LIMITS },
    kernelProfiles: values.KERNEL_PROFILES,
    kernelPoolSize: values.KERNEL_POOL_SIZE,
    servers,
    packages: packageOptions(values, findIndex),
    npm: npmOptions(values, findRegistry),
    inactivityTimeoutMs: values.INACTIVITY_TIMEOUT,
    permissionCeiling: {
      read: values.KERNEL_ALLOW_READ,
      write: values.KERNEL_ALLOW_WRITE,
      net: values.KERNEL_ALLOW_NET,
      env: values.KERNEL_ALLOW_ENV,
      run: values.KERNEL_ALLOW_RUN,
      ffi: values.KERNEL_ALLOW_FFI,
      sys: values.KERNEL_ALLOW_SYS,
      import: values.KERNEL_ALLOW_IMPORT,
    },
    maxBodyBytes: values.MAX_BODY_BYTES,
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    trustedProxies: values.TRUSTED_PROXIES,
    headerTimeoutMs: values.HEADER_TIMEOUT,
    requestTimeoutMs: values.REQUEST_TIMEOUT,
    idleTimeoutMs: values.IDLE_TIMEOUT,
    maxConnections: values.MAX_CONNECTIONS,
    maxConnectionsPerClient: values.MAX_CONNECTIONS_PER_CLIENT ?? (local ? 0 : 512),
    rateLimit: values.RATE_LIMIT ?? (local ? 0 : 6000),
    agents: {
      tools: values.MCP_TOOLS,
      waitMs: values.MCP_WAIT,
      outputCharacters: values.MCP_OUTPUT_CHARACTERS,
      kernels: values.MCP_KERNELS,
    },
    retention: {
      maxAgeMs: values.RETENTION_HOURS * 3_600_000,
      maxCount: values.RETENTION_COUNT,
      maxBytes: values.RETENTION_BYTES,
    },
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT,
    logLevel: values.LOG_LEVEL ?? values.JUPYTER_LOG_LEVEL ?? "info",
    logFormat: values.LOG_FORMAT,
  };
}

/**
 * Returns the port of JupyterLab; undefined: it is not served.
 *
 * @throws {ConfigError} when JupyterLab could not be fetched, or would share its origin's rights with the server's.
 */
function labPortOf(values: SettingValues): number | undefined {
  const { LAB, LAB_PORT: port, PORT, PACKAGES, HOST, ALLOWED_HOSTS, ALLOWED_ORIGINS } = values;
  if (LAB === "off") return undefined;
  if (PACKAGES === "off") {
    throw new ConfigError("LAB: JupyterLab is fetched as a package; use PACKAGES=index or locked");
  }
  if (port !== 0 && port === PORT) {
    throw new ConfigError(
      "LAB_PORT: use another port than PORT: scripts in JupyterLab's outputs run in its page",
    );
  }
  const names = [HOST, ...ALLOWED_HOSTS, "localhost"];
  const own = ALLOWED_ORIGINS.find((origin) => {
    const url = URL.parse(origin);
    const name = url?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
    return url?.port === String(port) && (LOOPBACK.test(name) || names.includes(name));
  });
  if (own === undefined) return port;
  throw new ConfigError(
    `ALLOWED_ORIGINS: "${own}" is JupyterLab's: scripts in outputs run there, and would have the server's rights`,
  );
}

/** @throws {ConfigError} when the server of JUPYTER_SERVER_URL is none. */
function remoteServers(values: SettingValues): Record<string, RemoteServerOptions> {
  const { JUPYTER_SERVER_URL: url, JUPYTER_TOKEN: token, REMOTE_SERVERS: table } = values;
  if (url === undefined) return table;
  const jupyter = {
    url,
    ...(token !== undefined && { token }),
    connectTimeoutMs: values.JUPYTER_TIMEOUT_CONNECT,
    requestTimeoutMs: values.JUPYTER_TIMEOUT_TOTAL,
    crashDelayMs: values.JUPYTER_CRASH_SLEEP_DURATION,
  };
  try {
    checkRemoteServer("jupyter", jupyter);
  } catch (error) {
    throw new ConfigError(`JUPYTER_SERVER_URL: ${messageOf(error)}`);
  }
  return { jupyter, ...table };
}

function npmOptions(
  values: SettingValues,
  findRegistry: ConfigSources["findRegistry"],
): NpmOptions | undefined {
  const { PACKAGES: mode, NPM_ALLOW: allow, NPM_DENY: deny, PACKAGE_CACHE_DIR: cacheDir } = values;
  if (mode !== "index" || !findRegistry) return undefined;
  return {
    findRegistry,
    ...(allow.length > 0 && { allow }),
    deny,
    ...(cacheDir !== undefined && { cacheDir: join(cacheDir, "npm") }),
    cacheBytes: values.PACKAGE_CACHE_BYTES,
  };
}

function packageOptions(
  values: SettingValues,
  findIndex: ConfigSources["findIndex"],
): PackageOptions | false {
  const { PACKAGE_INDEX_URL: indexUrl, PYODIDE_PACKAGE_BASE_URL: baseUrl, PACKAGES: mode } = values;
  if (mode === "off") return false;
  const { PACKAGE_WHEELS_DIR: wheelsDir, PACKAGE_CACHE_DIR: cacheDir } = values;
  return {
    ...(baseUrl !== undefined && {
      baseUrl: /^https?:/.test(baseUrl) ? baseUrl : resolve(baseUrl),
    }),
    ...(mode === "index" && (indexUrl === undefined ? findIndex && { findIndex } : { indexUrl })),
    ...(wheelsDir !== undefined && { wheelsDir }),
    ...(cacheDir !== undefined && { cacheDir }),
    ...(values.PACKAGE_ALLOW.length > 0 && { allow: values.PACKAGE_ALLOW }),
    origins: values.PACKAGE_ORIGINS,
    cacheBytes: values.PACKAGE_CACHE_BYTES,
    planSeconds: values.PACKAGE_PLAN_SECONDS,
    deny: values.PACKAGE_DENY,
    ...(values.PACKAGE_IMAGES.length > 0 && {
      images: { sets: values.PACKAGE_IMAGES, maxBytes: values.PACKAGE_IMAGE_BYTES },
    }),
  };
}
