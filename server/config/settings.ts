import { z } from "zod";
import {
  bytes,
  directories,
  directory,
  grant,
  integer,
  limits,
  list,
  mode,
  modes,
  optional,
  origins,
  profiles,
  seconds,
  text,
} from "./setting_values.ts";

/** One thing that can be configured: by a flag, the environment or `.env`, in this order. */
interface Setting {
  /** As people read it; what `parse` gives is used as it is. */
  default: string;
  description: string;
  schema: z.ZodType<unknown, string>;
}

const GRANT = "ceiling of what kernels may be granted: `true`, or a list; nothing by default";

/** Everything that can be configured; the README shows this table. */
export const SETTINGS = {
  HOST: { default: "127.0.0.1", description: "address to listen on", schema: text.min(1) },
  PORT: {
    default: "8000",
    description: "port to listen on; 0: any that is free",
    schema: integer(0, 65_535),
  },
  TOKEN: {
    default: "",
    description:
      "what clients must send, at least 16 characters; by default none on this machine " +
      "alone, otherwise one is made and printed",
    schema: optional.refine(
      (value) => value === undefined || /^[!-~]{16,}$/.test(value),
      "use at least 16 visible ASCII characters",
    ),
  },
  ALLOWED_ORIGINS: {
    default: "",
    description: "origins of web pages elsewhere that may call the API",
    schema: origins,
  },
  ALLOWED_HOSTS: {
    default: "",
    description: "names that the server is reached by, besides localhost, addresses and `HOST`",
    schema: list,
  },
  MOUNT_ROOTS: {
    default: "",
    description: "directories below which kernels may mount; none by default",
    schema: directories,
  },
  NOTEBOOK_DIR: {
    default: "",
    description: "where the page keeps notebooks; by default only in the browser",
    schema: directory,
  },
  DATA_DIR: {
    default: "",
    description:
      "where results of executions and the settings of Jupyter's front ends are kept; by default in memory",
    schema: directory,
  },
  DEFAULT_KERNEL_MODE: {
    default: "",
    description: "mode of kernels that do not say; by default the first of `ALLOWED_KERNEL_MODES`",
    schema: optional.pipe(mode.optional()),
  },
  ALLOWED_KERNEL_MODES: {
    default: "process,worker",
    description: "modes that clients may ask for: `process` holds in code that nobody has read, " +
      "`worker` only accidents; a `main_thread` kernel has all of the server's permissions and stops " +
      "everything else while it computes",
    schema: modes,
  },
  MAX_KERNELS: { default: "64", description: "kernels at a time", schema: integer(1) },
  MAX_QUEUE: {
    default: "256",
    description: "executions that may wait and run in one kernel",
    schema: integer(1, 1_000_000),
  },
  KERNEL_LIMITS: {
    default: "executionSeconds=3600",
    description: "what a kernel may use that does not say: `memoryMb`, `filesMb`, `outputBytes`, " +
      "`executionSeconds`, `cpuSeconds`, `openFiles`, `queue`",
    schema: limits,
  },
  MAX_KERNEL_LIMITS: {
    default: "memoryMb=4096,filesMb=4096,outputBytes=268435456,openFiles=4096",
    description: "the most that clients may ask for, likewise",
    schema: limits,
  },
  KERNEL_PROFILES: {
    default: "{}",
    description:
      "kinds of kernels that Jupyter's clients can choose besides the modes, as JSON: name -> what " +
      "`POST /api/kernels` takes, `displayName`, and `poolSize`: how many are kept ready",
    schema: profiles,
  },
  KERNEL_POOL_SIZE: {
    default: "2",
    description:
      "interpreters of the default mode kept ready, for kernels without mounts, permissions and limits " +
      "of their own: about 100 MB each",
    schema: integer(0),
  },
  PACKAGES: {
    default: "",
    description: "what kernels may install: `off`: nothing; `locked`: what the distribution and " +
      "`PACKAGE_WHEELS_DIR` have; `index`: also what is at `PACKAGE_INDEX_URL`; by default the last when " +
      "that is set, otherwise `locked`",
    schema: optional.pipe(
      z.enum(["off", "locked", "index"], { error: "use off, locked or index" }).optional(),
    ),
  },
  PYODIDE_PACKAGE_BASE_URL: {
    default: "",
    description: "where the distribution's packages are, a URL or a directory; by default where " +
      "Pyodide itself looks for them",
    schema: optional,
  },
  PACKAGE_INDEX_URL: {
    default: "",
    description:
      "an index of packages in PyPI's simple form, such as `https://packages.example.com/simple`",
    schema: optional.refine(
      (value) => value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
      "use a URL such as https://packages.example.com/simple",
    ),
  },
  PACKAGE_ORIGINS: {
    default: "",
    description: "further origins that an index's files may be at",
    schema: origins,
  },
  PACKAGE_WHEELS_DIR: {
    default: "",
    description: "a directory of wheels that count before all others",
    schema: directory,
  },
  PACKAGE_CACHE_DIR: {
    default: "",
    description:
      "where packages are kept for all kernels and servers; by default `packages` beside the " +
      "memory image",
    schema: directory,
  },
  PACKAGE_CACHE_BYTES: {
    default: "2g",
    description: "how much is kept there, what was used last",
    schema: bytes,
  },
  PACKAGE_ALLOW: {
    default: "",
    description: "the only packages that kernels get; by default any",
    schema: list,
  },
  PACKAGE_DENY: { default: "", description: "packages that kernels do not get", schema: list },
  INACTIVITY_TIMEOUT: {
    default: "3600",
    description: "seconds without work after which a kernel is shut down, unless it was created " +
      "with its own; 0: never",
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
  MAX_BODY_BYTES: { default: "10m", description: "size of a JSON body", schema: bytes },
  MAX_UPLOAD_BYTES: { default: "256m", description: "size of an uploaded file", schema: bytes },
  RATE_LIMIT: {
    default: "",
    description:
      "requests a minute from one client, 0: any number; by default any number on this " +
      "machine alone, otherwise 6000",
    schema: optional.pipe(
      z.union([z.undefined(), integer(0)], { error: "use a whole number from 0 up" }),
    ),
  },
  RETENTION_HOURS: {
    default: "24",
    description: "how long results of executions are kept",
    schema: text.regex(/^\d+(\.\d+)?$/, "use hours, such as 24").transform(Number),
  },
  RETENTION_COUNT: {
    default: "10000",
    description: "how many results of executions are kept",
    schema: integer(1),
  },
  RETENTION_BYTES: {
    default: "256m",
    description: "how much of results of executions is kept, the newest first",
    schema: bytes,
  },
  SHUTDOWN_TIMEOUT: {
    default: "10",
    description: "seconds that running cells get to end when the server is told to stop",
    schema: seconds,
  },
  LOG_LEVEL: {
    default: "info",
    description: "`debug`, `info`, `warning` or `error`",
    schema: z.enum(["debug", "info", "warning", "error"], {
      error: "use debug, info, warning or error",
    }),
  },
  LOG_FORMAT: {
    default: "",
    description: "`json` or `text`; by default text on a terminal",
    schema: optional.pipe(
      z.enum(["json", "text"], { error: "use json or text" }).optional(),
    ),
  },
} satisfies Record<string, Setting>;

/** What the schemas make of the settings. */
export type SettingValues = {
  [K in keyof typeof SETTINGS]: z.output<typeof SETTINGS[K]["schema"]>;
};

/** The settings as lines for a terminal. */
export function describeSettings(): string {
  return Object.entries(SETTINGS).map(([name, setting]) =>
    `  --${flagOf(name).padEnd(22)} ${setting.description}${
      setting.default === "" ? "" : ` (${setting.default})`
    }`
  ).join("\n");
}

/** The settings as a table for the README. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, setting]) =>
    `| \`${name}\` | ${
      setting.default === "" ? "" : `\`${setting.default}\``
    } | ${setting.description} |`
  );
  return ["| setting | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The flag of a setting: HOST is --host. */
export function flagOf(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}
