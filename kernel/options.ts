import { z } from "npm:zod@4.6.7";
import { KernelError } from "./errors.ts";
import { type KernelLimits, LIMIT_OPTIONS, resolveLimits } from "./limits/limits.ts";
import type { MountOptions } from "./mounts.ts";
import type { PermissionOptions } from "./permissions.ts";

/** Where a kernel runs. */
export const KernelMode = {
  /** In this thread: no isolation, this process's permissions, and running Python blocks the caller. */
  MAIN_THREAD: "main_thread",
  /**
   * In a process of its own, which can always be killed: the only mode for code that nobody has read.
   */
  PROCESS: "process",
  /** In a Web Worker of its own, with exactly the permissions that it is given. */
  WORKER: "worker",
} as const;

/** Where a kernel runs: a value of the object of the same name. */
export type KernelMode = typeof KernelMode[keyof typeof KernelMode];

/** Options for {@linkcode KernelManager.createKernel}. */
export interface KernelOptions {
  /**
   * The kernel's id, letters, digits and `._-`; unique in its manager.
   * @default a random UUID
   */
  id?: string;
  /** Groups kernels: the full id becomes `namespace:id`, and `listKernels(namespace)` lists them. */
  namespace?: string;
  /** Where the kernel runs. @default KernelMode.WORKER */
  mode?: KernelMode;
  /** Host directories that Python sees as its own. */
  mounts?: MountOptions[];
  /** One mount in the older form: read and write, `mountPoint` by default `/home/pyodide`. */
  filesystem?: { enabled: boolean; root?: string; mountPoint?: string };
  /** What the kernel may do besides reaching its mounts; nothing is granted by default. */
  deno?: { permissions?: PermissionOptions };
  /**
   * Whether strings may become JavaScript code, as `pyodide.code.run_js` needs. Only process kernels can
   * be kept from it. @default false
   */
  javascript?: boolean;
  /** Shuts the kernel down after this many milliseconds without work; 0: never. @default 0 */
  inactivityTimeout?: number;
  /**
   * Emits `execution_stalled` for an execution that runs longer than this many milliseconds, and
   * does nothing else to it; 0: never. @default 0
   */
  maxExecutionTime?: number;
  /** What the kernel may use; see `KernelLimits` for the defaults. */
  limits?: Partial<KernelLimits>;
  /** Packages to have from the start: names, perhaps with versions ("six==1.16.0"). @default none */
  packages?: string[];
  /** Environment variables for Python. */
  env?: Record<string, string>;
  /** Python's working directory, absolute. @default "/home/pyodide" */
  cwd?: string;
}

/** `KernelOptions` after validation, with every default filled in. */
export interface ResolvedKernelOptions {
  id: string;
  namespace: string | undefined;
  mode: KernelMode;
  mounts: MountOptions[];
  permissions: PermissionOptions;
  javascript: boolean;
  inactivityTimeout: number;
  maxExecutionTime: number;
  limits: KernelLimits;
  packages: string[];
  env: Record<string, string>;
  cwd: string;
}

/** What a manager says of the limits of its kernels. */
export interface LimitRules {
  /** For kernels that do not say. */
  defaults?: Partial<KernelLimits> | undefined;
  /** The most that a kernel may ask for. */
  ceilings?: Partial<KernelLimits> | undefined;
}

/** The longest delay that a JavaScript timer can keep, in milliseconds (about 24.8 days). */
const MAX_DELAY_MS = 2 ** 31 - 1;
const DEFAULT_CWD = "/home/pyodide";

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

const hostPath = z.string().min(1, "name a host directory").refine(noNul, "NUL is not allowed");
const guestPath = z.string().refine(
  (path) => path.startsWith("/") && noNul(path),
  "use an absolute path inside the kernel",
);
const grant = z.union([z.boolean(), z.array(z.string().min(1, "an empty entry grants nothing"))], {
  error: "use true, false or a list of strings",
});

const permissionOptions = z.strictObject({
  read: grant.optional(),
  write: grant.optional(),
  net: grant.optional(),
  env: grant.optional(),
  run: grant.optional(),
  ffi: grant.optional(),
  sys: grant.optional(),
  import: grant.optional(),
});

const kernelOptions = z.strictObject({
  id: name.optional(),
  namespace: name.optional(),
  mode: z.enum(KernelMode, {
    error: `use ${Object.values(KernelMode).map((mode) => `"${mode}"`).join(" or ")}`,
  }).optional(),
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
  javascript: z.boolean().optional(),
  inactivityTimeout: delay.optional(),
  maxExecutionTime: delay.optional(),
  limits: LIMIT_OPTIONS.optional(),
  packages: z.array(z.string().min(1, "name a package").max(1_000)).max(100).optional(),
  env: z.record(
    z.string().regex(/^[^=\0]+$/, 'a variable\'s name has no "=" and is not empty'),
    z.string().refine(noNul, "NUL is not allowed"),
  ).optional(),
  cwd: guestPath.optional(),
});

const executeOptions = z.strictObject({
  id: name.optional(),
  silent: z.boolean().optional(),
  storeHistory: z.boolean().optional(),
  userExpressions: z.record(z.string(), z.string()).optional(),
  allowStdin: z.boolean().optional(),
  timeout: delay.optional(),
  signal: z.instanceof(AbortSignal).optional(),
});

/**
 * Checks `options` and fills in the defaults.
 *
 * @throws {KernelError} `invalid_argument`, naming the option, what is wrong and what to use;
 * `permission_denied`, naming the limit and its ceiling.
 */
export function parseKernelOptions(
  options: KernelOptions,
  rules: LimitRules = {},
): ResolvedKernelOptions {
  const parsed = parse(kernelOptions, options, "Cannot create kernel");
  const permissions = stripUndefined(parsed.deno?.permissions ?? {});
  const mode = parsed.mode ?? KernelMode.WORKER;
  if (mode === KernelMode.MAIN_THREAD && Object.values(permissions).some((it) => it !== false)) {
    throw new KernelError(
      "invalid_argument",
      'Cannot create kernel: deno.permissions: a "main_thread" kernel always has this process\'s ' +
        'permissions; use mode "worker" to scope them',
    );
  }
  const id = parsed.id ?? crypto.randomUUID();
  return {
    id: parsed.namespace ? `${parsed.namespace}:${id}` : id,
    namespace: parsed.namespace,
    mode,
    mounts: [
      ...mountFromFilesystem(parsed.filesystem),
      ...parsed.mounts?.map(stripUndefined) ?? [],
    ],
    permissions,
    javascript: parsed.javascript ?? false,
    inactivityTimeout: parsed.inactivityTimeout ?? 0,
    maxExecutionTime: parsed.maxExecutionTime ?? 0,
    limits: resolveLimits(stripUndefined(parsed.limits ?? {}), rules.defaults, rules.ceilings),
    packages: parsed.packages ?? [],
    env: parsed.env ?? {},
    cwd: parsed.cwd ?? DEFAULT_CWD,
  };
}

/** Checks a delay in milliseconds that is set later, such as the inactivity timeout. */
export function parseDelay(value: number, label: string): number {
  return parse(delay, value, label);
}

/** Checks what an execution was asked with. */
export function parseExecuteOptions<T extends object>(options: T): T {
  parse(executeOptions, options, "Cannot execute");
  return options;
}

function mountFromFilesystem(
  filesystem:
    | { enabled: boolean; root?: string | undefined; mountPoint?: string | undefined }
    | undefined,
): MountOptions[] {
  if (!filesystem?.enabled) return [];
  if (!filesystem.root) {
    throw new KernelError(
      "invalid_argument",
      "Cannot create kernel: filesystem.root: name the host directory to mount",
    );
  }
  return [{
    root: filesystem.root,
    mountPoint: filesystem.mountPoint ?? DEFAULT_CWD,
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

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops keys that are there but undefined: zod keeps them, `exactOptionalPropertyTypes` does not. */
function stripUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Defined<T>;
}
