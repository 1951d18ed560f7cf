import { z } from "npm:zod@4.6.7";

/**
 * A requirement by a name, with versions, extras and a marker. Addresses and paths are left out, as they mean
 * something to one kernel alone.
 */
const requirement = z.string().max(500).regex(/^[A-Za-z0-9][^@/\\\r\n]*(?<!\.whl)$/);

/** A question that a resolution answers for a kernel in which nothing is installed. */
const question = z.strictObject({
  requirements: z.array(requirement).min(1).max(200),
  constraints: z.array(requirement).max(200),
  upgrade: z.boolean(),
  prereleases: z.boolean(),
  dependencies: z.boolean(),
});

/** A file to install. */
const step = z.strictObject({
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(200),
  origin: z.enum(["distribution", "index"]),
  file: z.string().min(1).max(512),
  /** The key of a package in the list of the distribution, or the address of a file of the index. */
  address: z.string().min(1).max(4_096),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number().int().nonnegative().nullable(),
  /** True when a requirement of the question names the package. */
  requested: z.boolean(),
});

const plan = z.strictObject({
  /** The files, each after those that it needs. */
  install: z.array(step).max(1_000),
  /** Sentences for people. */
  notes: z.array(z.string().max(2_000)).max(100),
  /** False when a source or a file could not be had, so that a later plan may be better. */
  complete: z.boolean(),
});

/** The requirements and options that a plan is asked for with. */
export type PlanQuestion = z.infer<typeof question>;
/** A file that a plan installs. */
export type PlanStep = z.infer<typeof step>;
/** The answer of a resolution: the files to install in a kernel that has nothing installed. */
export type PackagePlan = z.infer<typeof plan>;

/** Parses a question in JSON; undefined for a question that no plan is kept for. */
export function parseQuestion(text: string): PlanQuestion | undefined {
  try {
    return question.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Parses a plan in JSON; throws when it is none. */
export function parsePlan(text: string): PackagePlan {
  return plan.parse(JSON.parse(text));
}
