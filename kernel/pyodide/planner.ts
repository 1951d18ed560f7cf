import { z } from "npm:zod@4.6.7";
import type { ProcessHostFactory } from "../engine.ts";
import type { MakePlan } from "../packages/plan_cache.ts";
import type { PackageBroker } from "../packages/request.ts";
import { withHelper } from "./helper_host.ts";

/** The time that a resolution may take, in milliseconds. */
const DEADLINE_MS = 120_000;

/** The answer of `deno_kernel.packages.planning`; null when it is not to be kept. */
const answer = z.record(z.string(), z.unknown()).nullable();

/**
 * Makes a function that answers questions by a resolution, each in an interpreter of its own, in a process without
 * rights. It reads pages of an index and metadata, and runs nothing of a package; no kernel's code runs in it.
 */
export function createPlanner(createHost: ProcessHostFactory, packages: PackageBroker): MakePlan {
  return async function make(question, signal) {
    const json = JSON.stringify(JSON.stringify(question));
    const code =
      `__import__("deno_kernel.packages.planning").packages.planning.print_plan(${json})`;
    const options = { name: "planner", createHost, packages, signal, deadlineMs: DEADLINE_MS };
    return await withHelper(options, async ({ run, printed }) => {
      await run(code);
      const found = answer.parse(JSON.parse(printed()));
      return found === null ? undefined : JSON.stringify(found);
    });
  };
}
