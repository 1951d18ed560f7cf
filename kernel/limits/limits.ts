import { z } from "npm:zod@4.6.7";
import { KernelError } from "../errors.ts";

/** The limits that an interpreter and its host keep from its start on. */
export interface EngineLimits {
  /** The interpreter's memory, in MiB; Python raises MemoryError beyond it. @default 1024 */
  memoryMiB: number;
  /**
   * The files that the kernel keeps in memory and what it adds to its writable mounts, together, in MiB;
   * Python raises OSError (ENOSPC) beyond it. @default 256
   */
  filesMiB: number;
  /** The output of one execution, in bytes: the rest is dropped and counted. @default 32 MiB */
  outputBytes: number;
  /** The number of open files. @default 256 */
  openFiles: number;
}

/** The limits of one kernel. */
export interface Limits extends EngineLimits {
  /**
   * The time of one execution, in seconds; 0 is no limit. The execution is interrupted, and the kernel is
   * replaced when that does not stop it. @default 0
   */
  executionSeconds: number;
  /** The processor time of one execution, in seconds, with the same consequences. @default 0 */
  cpuSeconds: number;
  /** The number of executions that wait or run. @default 256 */
  queue: number;
}

/** The older names of two limits. */
export interface OlderLimits {
  /** The older name of `memoryMiB`. */
  memoryMb: number;
  /** The older name of `filesMiB`. */
  filesMb: number;
}

/** The limits of one kernel, shown under the older names as well. */
export interface KernelLimits extends Limits, OlderLimits {}

/** The limits that only a kernel on this machine keeps. */
export type LocalLimits =
  | "memoryMiB"
  | "memoryMb"
  | "filesMiB"
  | "filesMb"
  | "openFiles"
  | "cpuSeconds";

/** The names of {@linkcode LocalLimits}. */
export const UNKEPT_LIMITS: readonly LocalLimits[] = [
  "memoryMiB",
  "memoryMb",
  "filesMiB",
  "filesMb",
  "openFiles",
  "cpuSeconds",
];

/** The limits of one kernel as they are shown; null is a limit that nobody keeps. */
export type ShownLimits = {
  [K in keyof KernelLimits]: K extends LocalLimits ? number | null : number;
};

/** Limits as callers give them: any of them, each under one of its names. */
export type LimitOptions = Partial<KernelLimits>;

/** The limits of kernels that name none. */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  memoryMiB: 1024,
  filesMiB: 512,
  outputBytes: 32 * 1024 * 1024,
  executionSeconds: 0,
  cpuSeconds: 0,
  queue: 256,
  openFiles: 256,
};

/** The newer names of limits that have an older one. */
const NEWER_NAMES: Readonly<Record<keyof OlderLimits, keyof Limits>> = {
  memoryMb: "memoryMiB",
  filesMb: "filesMiB",
};

/** The longest delay of a JavaScript timer, in seconds. */
const MAX_SECONDS = 2_147_483;

function whole(min: number, max: number): z.ZodNumber {
  const message = `use a whole number from ${min} to ${max}`;
  return z.number(message).int(message).min(min, message).max(max, message);
}

const seconds = z.number(`use seconds from 0 (no limit) to ${MAX_SECONDS}`).min(
  0,
  "use 0 (no limit) or more seconds",
).max(MAX_SECONDS, `use at most ${MAX_SECONDS} seconds`);

// Python starts with 30 MiB; WebAssembly ends at 4 GiB.
const memoryMiB = whole(64, 4096);
const filesMiB = whole(0, 4096);

/** The schema of limits as callers give them. */
export const LIMIT_OPTIONS: z.ZodType<{ [K in keyof KernelLimits]?: number | undefined }> = z
  .strictObject({
    memoryMiB,
    memoryMb: memoryMiB,
    filesMiB,
    filesMb: filesMiB,
    outputBytes: whole(0, 2 ** 30),
    executionSeconds: seconds,
    cpuSeconds: seconds,
    queue: whole(1, 1_000_000),
    openFiles: whole(16, 4096),
  }).partial().superRefine((limits, context) => {
    for (
      const [older, newer] of Object.entries(NEWER_NAMES) as [keyof OlderLimits, keyof Limits][]
    ) {
      if (limits[older] === undefined || limits[newer] === undefined) continue;
      context.addIssue({
        code: "custom",
        path: [older],
        message: `this is the older name of ${newer}; give one of them`,
      });
    }
  });

/**
 * Checks limits that come from outside, and returns them under the names that they came with.
 *
 * @throws {KernelError} `invalid_argument`, naming the first that is wrong and what to use.
 */
export function parseLimits(limits: unknown): LimitOptions {
  const result = LIMIT_OPTIONS.safeParse(limits);
  // Keys that were not given are not there, and every value is a number.
  if (result.success) return result.data as LimitOptions;
  const [issue] = result.error.issues;
  const where = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new KernelError("invalid_argument", `${where}${issue?.message}`);
}

/**
 * Returns the limits of a kernel: those asked for, otherwise the defaults, lowered to the ceilings.
 *
 * @throws {KernelError} `permission_denied`, naming the limit as the caller did, and its ceiling.
 */
export function resolveLimits(
  asked: LimitOptions,
  defaults?: LimitOptions,
  ceilings?: LimitOptions,
): KernelLimits {
  return withOlderNames(chooseLimits(asked, defaults, ceilings));
}

/** Chooses the limits as {@linkcode resolveLimits} does, and returns them without the older names. */
export function chooseLimits(
  asked: LimitOptions,
  defaults: LimitOptions = {},
  ceilings: LimitOptions = {},
): Limits {
  const limits = { ...DEFAULT_LIMITS, ...byNewerNames(defaults) };
  const highest = byNewerNames(ceilings);
  for (const [name, ceiling] of entriesOf(highest)) {
    if (exceeds(name, limits[name], ceiling)) limits[name] = ceiling;
  }
  for (const [given, value] of Object.entries(asked) as [keyof KernelLimits, number][]) {
    const name = newerName(given);
    const ceiling = highest[name];
    if (ceiling !== undefined && exceeds(name, value, ceiling)) {
      throw new KernelError(
        "permission_denied",
        `Cannot create kernel: limits.${given}: ${value} is more than may be asked for here; use ` +
          `at most ${ceiling}${value === 0 ? " (0 means no limit)" : ""}`,
      );
    }
    limits[name] = value;
  }
  return limits;
}

/** Returns the limits with the older names beside the newer ones, as callers may read them. */
export function withOlderNames(limits: Limits): KernelLimits {
  return { ...limits, memoryMb: limits.memoryMiB, filesMb: limits.filesMiB };
}

/** Picks the limits that are fixed when an interpreter starts; the others are the kernel's own affair. */
export function engineLimits(
  { memoryMiB, filesMiB, outputBytes, openFiles }: EngineLimits,
): EngineLimits {
  return { memoryMiB, filesMiB, outputBytes, openFiles };
}

function byNewerNames(limits: LimitOptions): Partial<Limits> {
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [newerName(name as keyof KernelLimits), value]),
  );
}

function newerName(name: keyof KernelLimits): keyof Limits {
  return name in NEWER_NAMES ? NEWER_NAMES[name as keyof OlderLimits] : name as keyof Limits;
}

function entriesOf(limits: Partial<Limits>): [keyof Limits, number][] {
  return Object.entries(limits) as [keyof Limits, number][];
}

function exceeds(name: keyof Limits, value: number, ceiling: number): boolean {
  return meaning(name, value) > meaning(name, ceiling);
}

/** A time of 0 is no limit. */
function meaning(name: keyof Limits, value: number): number {
  return value === 0 && (name === "executionSeconds" || name === "cpuSeconds") ? Infinity : value;
}
