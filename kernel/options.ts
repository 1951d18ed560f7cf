import { z } from "npm:zod@4.6.7";
import { KernelError } from "./errors.ts";
import {
  chooseLimits,
  LIMIT_OPTIONS,
  type LimitOptions,
  type Limits,
  UNKEPT_LIMITS,
} from "./limits/limits.ts";
import type { MountOptions } from "./mounts.ts";
import { isHostEntry } from "./network/grants.ts";
import type { PermissionOptions } from "./permissions.ts";
import type { RemoteTarget } from "./remote_options.ts";
import { KernelMode } from "./start_options.ts";
import { type KernelTools, TOOL_OPTIONS } from "./tools/tools.ts";

/** Options for {@linkcode KernelManager.createKernel}. */
export interface KernelOptions {
  /**
   * The kernel's id, letters, digits and `._-`; unique in its manager.
   * @default a random UUID
   */
  id?: string;
  /** Groups kernels: the full id becomes `namespace:id`, and `listKernels(namespace)` lists them. */
  namespace?: string;
  /** The kernel's language: the name of one of the manager's engines. @default "python" */
  language?: string;
  /** The place where the kernel runs. @default KernelMode.WORKER; KernelMode.REMOTE with a `server` */
  mode?: KernelMode;
  /** The Jupyter server that the kernel runs on, by the name that the manager's options give it. */
  server?: string;
  /** The name of the kernelspec on that server. @default the server's own default */
  kernelName?: string;
  /** The directory below that server's root in which the kernel starts. @default the root */
  path?: string;
  /** The id of a kernel that runs on that server already. @default one is started */
  remoteKernelId?: string;
  /** Leaves the kernel running on its server when this one ends. @default true for one that ran already */
  keepRemote?: boolean;
  /** Directories of this machine that the kernel sees as its own. */
  mounts?: MountOptions[];
  /** One mount in the older form: read and write, `mountPoint` by default the home directory. */
  filesystem?: { enabled: boolean; root?: string; mountPoint?: string };
  /** Permissions besides those for its mounts; nothing is granted by default. */
  deno?: { permissions?: PermissionOptions };
  /**
   * Lets strings become JavaScript code, as `pyodide.code.run_js` needs. Only process kernels can be kept
   * from it; in the other modes it has no effect. @default false
   */
  allowEval?: boolean;
  /** The older name of `allowEval`. */
  javascript?: boolean;
  /** Shuts the kernel down after this many milliseconds without work; 0: never. @default 0 */
  inactivityTimeoutMs?: number;
  /** The older name of `inactivityTimeoutMs`. */
  inactivityTimeout?: number;
  /**
   * Emits `execution_stalled` for an execution that runs longer than this many milliseconds, and
   * does nothing else to it; 0: never. @default 0
   */
  maxExecutionTimeMs?: number;
  /** The older name of `maxExecutionTimeMs`. */
  maxExecutionTime?: number;
  /** The kernel's limits; see `KernelLimits` for the defaults. */
  limits?: LimitOptions;
  /** Packages to install before the kernel is there: names, perhaps with versions. @default none */
  packages?: string[];
  /** Environment variables of the interpreter. */
  env?: Record<string, string>;
  /** The working directory, absolute. @default the language's home directory */
  cwd?: string;
  /**
   * Functions of this program that code in the kernel can call, by name: in Python, `await tools.search("x")`
   * or `tools.search.sync("x")`. They need no network. @default none
   */
  tools?: KernelTools;
}

/** `KernelOptions` after validation, with every default filled in and every name the newer one. */
export interface KernelSpec {
  id: string;
  namespace: string | undefined;
  language: string;
  mode: KernelMode;
  mounts: MountOptions[];
  permissions: PermissionOptions;
  allowEval: boolean;
  inactivityTimeoutMs: number;
  maxExecutionTimeMs: number;
  limits: Limits;
  packages: string[];
  env: Record<string, string>;
  cwd: string;
  tools: KernelTools;
  /** The kernel on another server; undefined for a kernel that runs here. */
  remote: RemoteTarget | undefined;
  /** The language that was asked for; undefined: any that the server's kernel has. */
  remoteLanguage: string | undefined;
}

/** The rules of a manager for the options of its kernels. */
export interface OptionRules {
  /** The languages that there are, and the home directory of each. The first one is the default. */
  languages: readonly { language: string; home: string }[];
  /** The limits of kernels that name none. */
  defaults?: LimitOptions | undefined;
  /** The most that a kernel may ask for. */
  ceilings?: LimitOptions | undefined;
}

/** The longest delay of a JavaScript timer, in milliseconds (about 24.8 days). */
const MAX_DELAY_MS = 2 ** 31 - 1;

const name = z.string().regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  'use 1 to 128 letters, digits, ".", "_" or "-", starting with a letter or digit',
);
const delay = z.number().int("use whole milliseconds").min(0, "use 0 (never) or more").max(
  MAX_DELAY_MS,
  `use at most ${MAX_DELAY_MS} milliseconds`,
);

function noNul(text: string): boolean {
  return !text.includes("\0");
}

const hostPath = z.string().min(1, "name a directory").refine(noNul, "NUL is not allowed");
const guestPath = z.string().refine(
  (path) => path.startsWith("/") && noNul(path),
  "use an absolute path inside the kernel",
);
const granted = z.string().min(1, "an empty entry grants nothing").refine(
  noNul,
  "NUL is not allowed",
);
const host = granted.refine(
  isHostEntry,
  'use hosts such as "example.com:443", "*.example.com", "10.0.0.5", "10.0.0.0/24" or "[::1]:80"',
);

function grantOf(entry: z.ZodType<string>) {
  return z.union([z.boolean(), z.array(entry)], { error: "use true, false or a list of strings" });
}

const grant = grantOf(granted);

const permissionOptions = z.strictObject({
  read: grant.optional(),
  write: grant.optional(),
  net: grantOf(host).optional(),
  env: grant.optional(),
  run: grant.optional(),
  ffi: grant.optional(),
  sys: grant.optional(),
  import: grant.optional(),
});

/** The older names of options, with the newer ones. */
const NEWER_NAMES = {
  javascript: "allowEval",
  inactivityTimeout: "inactivityTimeoutMs",
  maxExecutionTime: "maxExecutionTimeMs",
} as const;

const kernelOptions = z.strictObject({
  id: name.optional(),
  namespace: name.optional(),
  language: z.string().optional(),
  mode: z.enum(KernelMode, {
    error: `use ${Object.values(KernelMode).map((mode) => `"${mode}"`).join(" or ")}`,
  }).optional(),
  server: z.string().min(1).max(200).optional(),
  kernelName: z.string().min(1).max(200).optional(),
  path: z.string().max(4_096).refine(noNul, "NUL is not allowed").optional(),
  remoteKernelId: z.string().regex(/^[A-Za-z0-9._:-]{1,200}$/, "it is no kernel's id").optional(),
  keepRemote: z.boolean().optional(),
  mounts: z.array(z.strictObject({
    root: hostPath,
    mountPoint: guestPath,
    access: z.enum(["ro", "rw"], { error: 'use "ro" or "rw"' }).optional(),
  })).optional(),
  filesystem: z.strictObject({
    enabled: z.boolean(),
    root: hostPath.optional(),
    mountPoint: guestPath.optional(),
  }).optional(),
  deno: z.strictObject({ permissions: permissionOptions.optional() }).optional(),
  allowEval: z.boolean().optional(),
  javascript: z.boolean().optional(),
  inactivityTimeoutMs: delay.optional(),
  inactivityTimeout: delay.optional(),
  maxExecutionTimeMs: delay.optional(),
  maxExecutionTime: delay.optional(),
  limits: LIMIT_OPTIONS.optional(),
  packages: z.array(z.string().min(1, "name a package").max(1_000)).max(100).optional(),
  env: z.record(
    z.string().regex(/^[^=\0]+$/, 'a variable\'s name has no "=" and is not empty'),
    z.string().refine(noNul, "NUL is not allowed"),
  ).optional(),
  cwd: guestPath.optional(),
  tools: TOOL_OPTIONS.optional(),
}).superRefine(refuseBothNames(NEWER_NAMES));

const executeOptions = z.strictObject({
  id: name.optional(),
  silent: z.boolean().optional(),
  storeHistory: z.boolean().optional(),
  userExpressions: z.record(z.string(), z.string()).optional(),
  allowStdin: z.boolean().optional(),
  timeoutMs: delay.optional(),
  timeout: delay.optional(),
  signal: z.instanceof(AbortSignal).optional(),
}).superRefine(refuseBothNames({ timeout: "timeoutMs" }));

/**
 * Checks `options` and fills in the defaults.
 *
 * @throws {KernelError} `invalid_argument`, naming the option, what is wrong and what to use;
 * `permission_denied`, naming the limit and its ceiling.
 */
export function parseKernelOptions(options: KernelOptions, rules: OptionRules): KernelSpec {
  const parsed = parse(kernelOptions, options, "Cannot create kernel");
  const permissions = stripUndefined(parsed.deno?.permissions ?? {});
  const mode = parsed.mode ?? (parsed.server === undefined ? KernelMode.WORKER : KernelMode.REMOTE);
  const remote = mode === KernelMode.REMOTE ? remoteTarget(parsed) : undefined;
  if (!remote) {
    refuseOptions(parsed, REMOTE_OPTIONS, `a "${mode}" kernel runs here; use mode "remote"`);
  }
  if (mode === KernelMode.MAIN_THREAD && Object.values(permissions).some((it) => it !== false)) {
    throw new KernelError(
      "invalid_argument",
      'Cannot create kernel: deno.permissions: a "main_thread" kernel always has this process\'s ' +
        'permissions; use mode "worker" to scope them',
    );
  }
  const { language, home } = findLanguage(remote ? undefined : parsed.language, rules.languages);
  const id = parsed.id ?? crypto.randomUUID();
  return {
    id: parsed.namespace ? `${parsed.namespace}:${id}` : id,
    namespace: parsed.namespace,
    language,
    mode,
    mounts: [
      ...mountFromFilesystem(parsed.filesystem, home),
      ...parsed.mounts?.map(stripUndefined) ?? [],
    ],
    permissions,
    allowEval: parsed.allowEval ?? parsed.javascript ?? false,
    inactivityTimeoutMs: parsed.inactivityTimeoutMs ?? parsed.inactivityTimeout ?? 0,
    maxExecutionTimeMs: parsed.maxExecutionTimeMs ?? parsed.maxExecutionTime ?? 0,
    limits: chooseLimits(stripUndefined(parsed.limits ?? {}), rules.defaults, rules.ceilings),
    packages: parsed.packages ?? [],
    env: parsed.env ?? {},
    cwd: parsed.cwd ?? home,
    tools: options.tools ?? {},
    remote,
    remoteLanguage: parsed.language,
  };
}

/** The options that only kernels of other servers have. */
const REMOTE_OPTIONS = ["server", "kernelName", "path", "remoteKernelId", "keepRemote"] as const;
/** The options that kernels of other servers cannot have: their server decides it. */
const LOCAL_OPTIONS = [
  "mounts",
  "filesystem",
  "deno",
  "allowEval",
  "javascript",
  "packages",
  "env",
  "cwd",
] as const;

/** Takes the options of a kernel on another server, and refuses those that it cannot keep. */
function remoteTarget(options: z.infer<typeof kernelOptions>): RemoteTarget {
  const { server, kernelName, path, remoteKernelId, keepRemote, limits = {} } = options;
  if (server === undefined) {
    throw new KernelError(
      "invalid_argument",
      "Cannot create kernel: server: name the server of a remote kernel",
    );
  }
  const why = "the server of a remote kernel decides this, and cannot be told";
  refuseOptions(options, LOCAL_OPTIONS, why);
  refuseOptions(limits, UNKEPT_LIMITS, why, "limits.");
  if (remoteKernelId !== undefined) {
    refuseOptions(options, ["kernelName", "path"], "the kernel of remoteKernelId has one already");
  }
  return {
    server,
    kernelName,
    path,
    remoteKernelId,
    keepRemote: keepRemote ?? remoteKernelId !== undefined,
  };
}

/** Refuses options that were given although they have no effect. */
function refuseOptions(
  options: object,
  names: readonly string[],
  why: string,
  prefix = "",
): void {
  const given = new Map(Object.entries(options));
  const wrong = names.find((name) => given.get(name) !== undefined);
  if (wrong === undefined) return;
  throw new KernelError("invalid_argument", `Cannot create kernel: ${prefix}${wrong}: ${why}`);
}

function findLanguage(
  asked: string | undefined,
  languages: OptionRules["languages"],
): OptionRules["languages"][number] {
  const found = asked === undefined
    ? languages[0]
    : languages.find(({ language }) => language === asked);
  if (found) return found;
  const known = languages.map(({ language }) => `"${language}"`).join(" or ");
  throw new KernelError(
    "invalid_argument",
    `Cannot create kernel: language: there is no "${asked}"; use ${known}`,
  );
}

/** Checks a delay in milliseconds that is set later, such as the inactivity timeout. */
export function parseDelay(value: number, label: string): number {
  return parse(delay, value, label);
}

/**
 * Checks the options of an execution and returns them under their newer names.
 *
 * @throws {KernelError} `invalid_argument`, naming the option, what is wrong and what to use.
 */
export function parseExecuteOptions<T extends { timeoutMs?: number; timeout?: number }>(
  options: T,
): Omit<T, "timeout"> {
  parse(executeOptions, options, "Cannot execute");
  const { timeout, ...rest } = options;
  return timeout === undefined ? rest : { ...rest, timeoutMs: timeout };
}

function mountFromFilesystem(
  filesystem:
    | { enabled: boolean; root?: string | undefined; mountPoint?: string | undefined }
    | undefined,
  home: string,
): MountOptions[] {
  if (!filesystem?.enabled) return [];
  if (!filesystem.root) {
    throw new KernelError(
      "invalid_argument",
      "Cannot create kernel: filesystem.root: name the directory to mount",
    );
  }
  return [{
    root: filesystem.root,
    mountPoint: filesystem.mountPoint ?? home,
    access: "rw",
  }];
}

function parse<T>(schema: z.ZodType<T>, value: unknown, action: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message
  );
  throw new KernelError("invalid_argument", `${action}: ${issues.join("; ")}`);
}

/** Refuses an option that is given under both of its names. */
function refuseBothNames(newerNames: Readonly<Record<string, string>>) {
  return (options: Readonly<Record<string, unknown>>, context: z.RefinementCtx) => {
    for (const [older, newer] of Object.entries(newerNames)) {
      if (options[older] === undefined || options[newer] === undefined) continue;
      const message = `this is the older name of ${newer}; give one of them`;
      context.addIssue({ code: "custom", path: [older], message });
    }
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Removes optional keys that zod keeps with the value undefined. */
function stripUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Defined<T>;
}
