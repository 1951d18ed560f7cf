import { z } from "zod";
import {
  addresses,
  bytes,
  deadline,
  directories,
  directory,
  families,
  grant,
  integer,
  limits,
  list,
  logLevel,
  mode,
  modes,
  optional,
  origins,
  packageSets,
  profiles,
  seconds,
  servers,
  text,
  tools,
} from "./setting_values.ts";

/** A setting of the server: a flag, a variable of the environment or a line of `.env`. */
interface Setting {
  /** The text that is parsed when the setting is not given. */
  default: string;
  /** Describes the setting for people, in a phrase that follows its name. */
  description: string;
  schema: z.ZodType<unknown, string>;
  /** True when the value may hold credentials, which no message repeats. */
  secret?: true;
}

const GRANT =
  "the most that kernels may be granted of this permission: `true` for everything, or a " +
  "list; by default nothing";

/** The settings by name; the documentation shows them as a table. */
export const SETTINGS = {
  HOST: { default: "127.0.0.1", description: "the address to listen on", schema: text.min(1) },
  PORT: {
    default: "8000",
    description: "the port to listen on; 0: any port that is free",
    schema: integer(0, 65_535),
  },
  TOKEN: {
    default: "",
    description:
      "the token that clients must send, at least 16 characters; by default none when only this " +
      "machine can reach the server, otherwise a random token that is printed",
    secret: true,
    schema: optional.refine(
      (value) => value === undefined || /^[!-~]{16,}$/.test(value),
      "use at least 16 visible ASCII characters",
    ),
  },
  TOKENS_FILE: {
    default: "",
    description:
      "the file of the tokens that are bound to namespaces, whose holders see nothing of each other; it need " +
      "not exist. With it, the server always asks for a token",
    schema: directory,
  },
  API_FAMILIES: {
    default: "",
    description:
      "the families of APIs that are served besides the native one: `jupyter`, `earlier`, `mcp`, " +
      "`coderunner`, `colab`, `kernel_proxy`, `jupycell`, `e2b`; by default all",
    schema: families,
  },
  E2B_DEBUG_PORTS: {
    default: "off",
    description:
      "`on` opens the ports 49999, 49983 and 3000 of this machine, on which E2B's clients look in debug mode; " +
      "they need no token, and all share one sandbox",
    schema: z.enum(["on", "off"], { error: "use on or off" }),
  },
  ALLOWED_ORIGINS: {
    default: "",
    description: "the origins of web pages elsewhere that may call the API",
    schema: origins,
  },
  ALLOWED_HOSTS: {
    default: "",
    description:
      "the host names by which clients reach the server, besides localhost, addresses and `HOST`",
    schema: list,
  },
  TRUSTED_PROXIES: {
    default: "",
    description:
      "the addresses of proxies in front of the server, whose `X-Forwarded-For` tells a request's client " +
      "and whose `X-Forwarded-Proto` tells that it came by TLS",
    schema: addresses,
  },
  MOUNT_ROOTS: {
    default: "",
    description: "the directories that kernels may mount, with those below them; by default none",
    schema: directories,
  },
  NOTEBOOK_DIR: {
    default: "",
    description: "the directory of the notebooks; by default the page keeps them in the browser",
    schema: directory,
  },
  LAB: {
    default: "off",
    description:
      "`on` serves JupyterLab at a port of its own (`--lab` is enough); the server fetches it as a package once, " +
      "17 MB. Its notebooks are in the folder `lab` of `NOTEBOOK_DIR`, which is `notebooks` then by default",
    schema: z.enum(["on", "off"], { error: "use on or off" }),
  },
  LAB_PORT: {
    default: "8888",
    description: "the port of JupyterLab; 0: any port that is free",
    schema: integer(0, 65_535),
  },
  DATA_DIR: {
    default: "",
    description:
      "the directory of the executions' records and of the settings of Jupyter's front ends; by " +
      "default both are kept in memory",
    schema: directory,
  },
  DEFAULT_KERNEL_MODE: {
    default: "",
    description:
      "the mode of kernels whose creator names none; by default the first of `ALLOWED_KERNEL_MODES`",
    schema: optional.pipe(mode.optional()),
  },
  ALLOWED_KERNEL_MODES: {
    default: "process,worker",
    description: "the modes that kernels may have: `process` isolates code that nobody has read, " +
      "`worker` protects from accidents only; a `main_thread` kernel has all of the server's " +
      "permissions and stops everything else while it computes",
    schema: modes,
  },
  MAX_KERNELS: { default: "64", description: "the most kernels at a time", schema: integer(1) },
  NAMESPACE_KERNELS: {
    default: "",
    description:
      "the most kernels at a time of a namespace whose tokens say no number (`limits.kernels`); by default a " +
      "quarter of `MAX_KERNELS`",
    schema: optional.pipe(
      z.union([z.undefined(), integer(0)], { error: "use a whole number from 0 up" }),
    ),
  },
  MAX_QUEUE: {
    default: "256",
    description: "the most executions that wait and run in one kernel",
    schema: integer(1, 1_000_000),
  },
  KERNEL_LIMITS: {
    default: "executionSeconds=3600",
    description:
      "the limits of a kernel whose creator sets none: `memoryMiB`, `filesMiB`, `outputBytes`, " +
      "`executionSeconds`, `cpuSeconds`, `openFiles`, `queue`",
    schema: limits,
  },
  MAX_KERNEL_LIMITS: {
    default: "memoryMiB=4096,filesMiB=4096,outputBytes=268435456,openFiles=4096",
    description: "the highest limits that clients may ask for, in the same form",
    schema: limits,
  },
  KERNEL_PROFILES: {
    default: "{}",
    description:
      "the kinds of kernels that clients can choose by name besides the modes, as JSON: each name has " +
      "an object of the options of `POST /api/kernels`, `displayName`, and `poolSize`, the number of " +
      "interpreters that are kept ready",
    schema: profiles,
  },
  REMOTE_SERVERS: {
    default: "{}",
    description:
      "the other Jupyter servers on which kernels of the mode `remote` may run, as JSON: each name has an " +
      "object of `url`, `token`, `headers`, `cookies`, `kernelName`, `connectTimeoutMs`, `requestTimeoutMs`, " +
      "`reconnectTimeoutMs`, `onCrash` (`retry`, `replace` or `give_up`) and `crashDelayMs`",
    secret: true,
    schema: servers,
  },
  JUPYTER_SERVER_URL: {
    default: "",
    description: "the address of one more such server, whose name is `jupyter`",
    secret: true,
    schema: optional,
  },
  JUPYTER_TOKEN: { default: "", description: "its token", secret: true, schema: optional },
  JUPYTER_TIMEOUT_CONNECT: {
    default: "10",
    description: "the seconds in which a connection to it has to be made",
    schema: deadline,
  },
  JUPYTER_TIMEOUT_TOTAL: {
    default: "30",
    description: "the seconds in which it has to answer a request, or to start a kernel",
    schema: deadline,
  },
  JUPYTER_CRASH_SLEEP_DURATION: {
    default: "1",
    description:
      "the seconds for which a kernel of it rests before it is started again when its process has died",
    schema: seconds,
  },
  KERNEL_POOL_SIZE: {
    default: "2",
    description:
      "the number of interpreters of the default mode that are kept ready for kernels without mounts, " +
      "permissions and limits of their own; each takes about 100 MB",
    schema: integer(0),
  },
  PACKAGES: {
    default: "index",
    description:
      "the packages that kernels may install: `off`: none; `locked`: those of the distribution " +
      "and of `PACKAGE_WHEELS_DIR`; `index`: also those of an index, if there is one",
    schema: optional.pipe(
      z.enum(["off", "locked", "index"], { error: "use off, locked or index" }).default("index"),
    ),
  },
  PYODIDE_PACKAGE_BASE_URL: {
    default: "",
    description:
      "the URL or directory of the distribution's packages; by default the place where " +
      "Pyodide itself looks for them",
    secret: true,
    schema: optional,
  },
  PACKAGE_INDEX_URL: {
    default: "",
    description:
      "the URL of a package index in PyPI's simple form, such as `https://packages.example.com/simple`; " +
      "by default the index of `PIP_INDEX_URL`, `UV_DEFAULT_INDEX` or `pip.conf`, or else pip's own if pip is here",
    secret: true,
    schema: optional.refine(
      (value) => value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
      "use a URL such as https://packages.example.com/simple",
    ),
  },
  PACKAGE_ORIGINS: {
    default: "",
    description:
      "further origins that the files of the index may come from; for an index that pip or uv name, those " +
      "that it links",
    schema: origins,
  },
  PACKAGE_WHEELS_DIR: {
    default: "",
    description: "a directory of wheels that are preferred to all others",
    schema: directory,
  },
  PACKAGE_CACHE_DIR: {
    default: "",
    description:
      "the directory in which packages are kept for all kernels and servers; by default `packages` " +
      "beside the memory image",
    schema: directory,
  },
  PACKAGE_CACHE_BYTES: {
    default: "2g",
    description: "the most that is kept there; the least recently used packages go first",
    schema: bytes,
  },
  PACKAGE_PLAN_SECONDS: {
    default: "600",
    description:
      "the time that the answer to an installation's requirements is used for other kernels, in seconds: the index " +
      "may have newer versions then; 0: each kernel looks for itself",
    schema: integer(0),
  },
  PACKAGE_ALLOW: {
    default: "",
    description: "the only packages that kernels may install; by default any",
    schema: list,
  },
  PACKAGE_DENY: {
    default: "",
    description: "the packages that kernels may not install",
    schema: list,
  },
  NPM_ALLOW: {
    default: "",
    description:
      "the only packages of npm that kernels may import, with `PACKAGES=index`; a name such as `@scope/*` stands for a " +
      "scope; by default any of pure JavaScript, from the registry that npm on this machine uses",
    schema: list,
  },
  NPM_DENY: {
    default: "",
    description: "the packages of npm that kernels may not import",
    schema: list,
  },
  PACKAGE_IMAGES: {
    default: "numpy pandas matplotlib",
    description:
      "the packages of which an image is made for kernels to start from, once one of them was used: names " +
      "separated by spaces, and sets by `;`; `off`: no images, also not of packages that kernels often begin with",
    schema: packageSets,
  },
  PACKAGE_IMAGE_BYTES: {
    default: "1g",
    description: "the most that such images may take; the least recently used ones go first",
    schema: bytes,
  },
  INACTIVITY_TIMEOUT: {
    default: "3600",
    description:
      "the seconds without work after which a kernel is shut down, unless its creator sets " +
      "another time; 0: never",
    schema: seconds,
  },
  KERNEL_ALLOW_READ: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_WRITE: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_NET: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_ENV: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_RUN: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_FFI: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_SYS: { default: "", description: GRANT, schema: grant },
  KERNEL_ALLOW_IMPORT: { default: "", description: GRANT, schema: grant },
  MAX_BODY_BYTES: { default: "10m", description: "the largest JSON body", schema: bytes },
  MAX_UPLOAD_BYTES: { default: "256m", description: "the largest uploaded file", schema: bytes },
  RATE_LIMIT: {
    default: "",
    description:
      "the most requests of one client a minute; 0: any number; by default any number when only this " +
      "machine can reach the server, otherwise 6000",
    schema: optional.pipe(
      z.union([z.undefined(), integer(0)], { error: "use a whole number from 0 up" }),
    ),
  },
  MAX_CONNECTIONS: {
    default: "4096",
    description: "the most connections at a time",
    schema: integer(1),
  },
  MAX_CONNECTIONS_PER_CLIENT: {
    default: "",
    description:
      "the most connections of one address at a time; 0: any number; by default any number when only " +
      "this machine can reach the server, otherwise 512",
    schema: optional.pipe(
      z.union([z.undefined(), integer(0)], { error: "use a whole number from 0 up" }),
    ),
  },
  HEADER_TIMEOUT: {
    default: "10",
    description: "the seconds in which a connection has to send the header of a request",
    schema: deadline,
  },
  REQUEST_TIMEOUT: {
    default: "300",
    description:
      "the seconds in which a connection has to send a request as a whole, with its body",
    schema: deadline,
  },
  IDLE_TIMEOUT: {
    default: "60",
    description: "the seconds after which a connection is closed that sends no further request",
    schema: deadline,
  },
  JUPYCELL_REQUIREMENTS: {
    default: "requirements_app.txt",
    description:
      "a list of packages, in pip's form, that the kernels of JupyCell's clients begin with, if there is " +
      "such a file",
    schema: text.min(1, "name a file"),
  },
  MCP_TOOLS: {
    default:
      "run_code,read_output,interrupt,sessions,files,install_packages,notebook_read,notebook_edit,notebook_run",
    description:
      "the tools that agents are offered at `/mcp`: these, and `run_python_code`, which mcp-run-python " +
      "has under that name; those of notebooks need `NOTEBOOK_DIR`; with none, the server does not speak MCP",
    schema: tools,
  },
  MCP_WAIT: {
    default: "45",
    description:
      "the seconds after which an agent's call is answered although its run goes on; clients give up " +
      "after 60 seconds, many of them",
    schema: deadline,
  },
  MCP_OUTPUT_CHARACTERS: {
    default: "20000",
    description: "the most characters of a run's text in one answer to an agent",
    schema: integer(500, 50_000),
  },
  MCP_KERNELS: {
    default: "own",
    description:
      "the kernels that agents reach: `own`: those that agents started, by name; `all`: every kernel " +
      "of the server too, by its id",
    schema: z.enum(["own", "all"], { error: "use own or all" }),
  },
  RETENTION_HOURS: {
    default: "24",
    description: "the hours for which records of finished executions are kept",
    schema: text.regex(/^\d+(\.\d+)?$/, "use hours, such as 24").transform(Number),
  },
  RETENTION_COUNT: {
    default: "10000",
    description: "the most records of finished executions that are kept",
    schema: integer(1),
  },
  RETENTION_BYTES: {
    default: "256m",
    description: "the most JSON of finished executions that is kept; the oldest go first",
    schema: bytes,
  },
  SHUTDOWN_TIMEOUT: {
    default: "10",
    description: "the seconds that executions get to end when the server is told to stop",
    schema: seconds,
  },
  LOG_LEVEL: {
    default: "",
    description:
      "the least level that is logged: `debug`, `info`, `warning` or `error`; by default that of " +
      "`JUPYTER_LOG_LEVEL`, or else `info`",
    schema: logLevel,
  },
  JUPYTER_LOG_LEVEL: {
    default: "",
    description: "the name of `LOG_LEVEL` in the settings of the Colab Code Executor",
    schema: logLevel,
  },
  LOG_FORMAT: {
    default: "",
    description:
      "the form of the log: `json` or `text`; by default text on a terminal, otherwise JSON",
    schema: optional.pipe(
      z.enum(["json", "text"], { error: "use json or text" }).optional(),
    ),
  },
} satisfies Record<string, Setting>;

/** The values that the schemas make of the settings. */
export type SettingValues = {
  [K in keyof typeof SETTINGS]: z.output<typeof SETTINGS[K]["schema"]>;
};

/** Describes the settings in lines for a terminal. */
export function describeSettings(): string {
  return Object.entries(SETTINGS).map(([name, setting]) =>
    `  --${flagOf(name).padEnd(22)} ${setting.description}${
      setting.default === "" ? "" : ` (${setting.default})`
    }`
  ).join("\n");
}

/** Describes the settings in a table for the documentation. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, setting]) =>
    `| \`${name}\` | ${
      setting.default === "" ? "" : `\`${setting.default}\``
    } | ${setting.description} |`
  );
  return ["| setting | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

/** Returns the flag of a setting: HOST is --host. */
export function flagOf(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}
