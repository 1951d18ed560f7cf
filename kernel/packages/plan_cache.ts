import { z } from "npm:zod@4.6.7";
import { messageOf } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import type { PackageCache } from "./package_cache.ts";
import { type PackagePlan, parsePlan, type PlanQuestion } from "./package_plan.ts";

/**
 * Answers a question by one resolution; undefined when there is no answer, or none that can be kept. Rejects when
 * that fails or the signal is aborted.
 */
export type MakePlan = (question: PlanQuestion, signal: AbortSignal) => Promise<string | undefined>;

/** Options for {@linkcode PlanCache}. */
export interface PlanCacheOptions {
  cache: PackageCache;
  make: MakePlan;
  /** Throws unless every file of a plan is one that its source lists. */
  verify: (plan: PackagePlan) => Promise<void>;
  /** The time that a plan is used, in milliseconds: an index may have newer versions then. */
  maxAgeMs: number;
  /** Returns milliseconds since 1970. */
  now: () => number;
}

/** The version of plans; a new one makes older plans unused. */
const FORMAT = 1;
/** The time after which a plan is made again although it is not old: a source that was away may be back. */
const INCOMPLETE_MS = 60_000;
/** The most plans that wait to be made: kernels choose the questions. */
const MAX_WAITING = 8;
/** The number of questions of which is remembered when they were last answered. */
const MAX_ASKED = 1_000;
/** The largest plan that is kept, in characters. */
const MAX_CHARACTERS = 512 * 1024;

const kept = z.strictObject({ made: z.number(), plan: z.string().max(MAX_CHARACTERS) });

/**
 * Keeps the plans of resolutions for all kernels of a machine. Plans are made in the background after the first
 * request, one after the other, by an interpreter that runs no user's code. No kernel waits for that: the first
 * one resolves by itself, and later ones get the plan.
 */
export class PlanCache implements AsyncDisposable {
  readonly #options: PlanCacheOptions;
  readonly #closing = new AbortController();
  /** The questions that wait or were answered, and the time of that. */
  readonly #asked = new Map<string, number>();
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(options: PlanCacheOptions) {
    this.#options = options;
  }

  /** Settles when all plans that were asked for have been made. */
  get idle(): Promise<void> {
    return this.#work;
  }

  /**
   * Returns the plan for a question; undefined while there is none, and then has it made. `sources` identifies
   * all that the answer depends on besides the pages of the index.
   */
  async get(question: PlanQuestion, sources: string): Promise<PackagePlan | undefined> {
    const text = JSON.stringify([FORMAT, sources, question]);
    const key = `plan ${await sha256(new TextEncoder().encode(text))}`;
    const plan = await this.#kept(key);
    if (!plan) this.#ask(key, question);
    return plan;
  }

  /** Stops making plans. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  async #kept(key: string): Promise<PackagePlan | undefined> {
    const { cache, now } = this.#options;
    const found = await cache.resolve(key);
    const bytes = found && await cache.read(found.sha256);
    if (!bytes) return undefined;
    try {
      const { made, plan: text } = kept.parse(JSON.parse(new TextDecoder().decode(bytes)));
      const plan = parsePlan(text);
      const age = now() - made;
      return age >= 0 && age < this.#maxAgeMs(plan) ? plan : undefined;
    } catch {
      return undefined;
    }
  }

  /** Returns the time that a plan is used; that is short for one that lacks something, and for none. */
  #maxAgeMs(plan?: PackagePlan): number {
    const { maxAgeMs } = this.#options;
    return plan?.complete ? maxAgeMs : Math.min(maxAgeMs, INCOMPLETE_MS);
  }

  /** Has a plan made, unless that was tried a short time ago. */
  #ask(key: string, question: PlanQuestion): void {
    const { now } = this.#options;
    const before = this.#asked.get(key);
    if (before !== undefined && now() - before < this.#maxAgeMs()) return;
    if (this.#waiting >= MAX_WAITING || this.#closing.signal.aborted) return;
    this.#asked.delete(key);
    this.#asked.set(key, now());
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_ASKED) this.#asked.delete(oldest!);
    this.#waiting++;
    this.#work = this.#work.then(() => this.#make(key, question)).finally(() => this.#waiting--);
  }

  async #make(key: string, question: PlanQuestion): Promise<void> {
    const { cache, make, verify, now } = this.#options;
    const { signal } = this.#closing;
    try {
      // Another server may have made it meanwhile.
      if (signal.aborted || await this.#kept(key)) return;
      const made = now();
      const plan = await make(question, signal);
      if (plan === undefined) return;
      if (plan.length > MAX_CHARACTERS) throw new Error("it is too large");
      await verify(parsePlan(plan));
      const bytes = new TextEncoder().encode(JSON.stringify({ made, plan }));
      await cache.remember(key, { sha256: await cache.write(bytes), contentType: "" });
    } catch (error) {
      if (signal.aborted) return;
      console.warn(`Cannot keep the plan for an installation: ${messageOf(error)}`);
    }
  }
}
