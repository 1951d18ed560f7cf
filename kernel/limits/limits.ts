import { z } from "npm:zod@4.6.7";
import { KernelError } from "../errors.ts";

/** What one kernel may use. */
export interface KernelLimits {
  /** Python's memory, in MiB: more is a MemoryError. @default 1024 */
  memoryMb: number;
  /**
   * The files that Python keeps in memory, and what it adds to its writable mounts, in MiB: more is
   * an OSError (ENOSPC). @default 256
   */
  filesMb: number;
  /** What one execution may show, in bytes: the rest is dropped and counted. @default 32 MiB */
  outputBytes: number;
  /**
   * How long one execution may run, in seconds; 0: as long as it likes. It is interrupted, and when
   * that does not stop it the kernel is replaced. @default 0
   */
  executionSeconds: number;
  /** How much processor time one execution may take, likewise; 0: any amount. @default 0 */
  cpuSeconds: number;
  /** How many executions may wait and run. @default 256 */
  queue: number;
  /** How many files Python may have open at a time. @default 256 */
  openFiles: number;
}

/** What kernels may use that do not say. */
export const DEFAULT_LIMITS: Readonly<KernelLimits> = {
  memoryMb: 1024,
  filesMb: 256,
  outputBytes: 32 * 1024 * 1024,
  executionSeconds: 0,
  cpuSeconds: 0,
  queue: 256,
  openFiles: 256,
};

/** The longest delay that a timer can keep, in seconds. */
const MAX_SECONDS = 2_147_483;

function whole(min: number, max: number): z.ZodNumber {
  const message = `use a whole number from ${min} to ${max}`;
  return z.number(message).int(message).min(min, message).max(max, message);
}

const seconds = z.number(`use seconds from 0 (no limit) to ${MAX_SECONDS}`).min(
  0,
  "use 0 (no limit) or more seconds",
).max(MAX_SECONDS, `use at most ${MAX_SECONDS} seconds`);

/** What callers may say of a kernel's limits: any of them. */
export const LIMIT_OPTIONS: z.ZodType<{ [K in keyof KernelLimits]?: number | undefined }> = z
  .strictObject({
    // Python starts with 30 MiB; WebAssembly ends at 4 GiB.
    memoryMb: whole(64, 4096),
    filesMb: whole(0, 4096),
    outputBytes: whole(0, 2 ** 30),
    executionSeconds: seconds,
    cpuSeconds: seconds,
    queue: whole(1, 1_000_000),
    openFiles: whole(16, 4096),
  }).partial();

/**
 * Checks limits that come from outside.
 *
 * @throws {KernelError} `invalid_argument`, naming the first that is wrong and what to use.
 */
export function parseLimits(limits: unknown): Partial<KernelLimits> {
  const result = LIMIT_OPTIONS.safeParse(limits);
  // What was not given is not there: every value has passed as a number.
  if (result.success) return result.data as Partial<KernelLimits>;
  const [issue] = result.error.issues;
  const where = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new KernelError("invalid_argument", `${where}${issue?.message}`);
}

/** The names of all limits. */
const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as (keyof KernelLimits)[];

/**
 * The limits of a kernel: those asked for, otherwise the defaults, lowered to the ceilings.
 *
 * @throws {KernelError} `permission_denied`, naming the limit and its ceiling.
 */
export function resolveLimits(
  asked: Partial<KernelLimits>,
  defaults: Partial<KernelLimits> = {},
  ceilings: Partial<KernelLimits> = {},
): KernelLimits {
  const limits = { ...DEFAULT_LIMITS, ...defaults };
  for (const name of LIMIT_NAMES) {
    const ceiling = ceilings[name];
    const value = asked[name];
    if (value === undefined) {
      limits[name] = exceeds(name, limits[name], ceiling) ? ceiling! : limits[name];
    } else if (exceeds(name, value, ceiling)) {
      throw new KernelError(
        "permission_denied",
        `Cannot create kernel: limits.${name}: ${value} is more than may be asked for here; use ` +
          `at most ${ceiling}${value === 0 ? " (0 means no limit)" : ""}`,
      );
    } else limits[name] = value;
  }
  return limits;
}

function exceeds(name: keyof KernelLimits, value: number, ceiling: number | undefined): boolean {
  if (ceiling === undefined) return false;
  return meaning(name, value) > meaning(name, ceiling);
}

/** No time at all means any time. */
function meaning(name: keyof KernelLimits, value: number): number {
  return value === 0 && (name === "executionSeconds" || name === "cpuSeconds") ? Infinity : value;
}
