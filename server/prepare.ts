/**
 * A part of the set-up: makes the files that kernels start from, so that no request has to wait for them.
 *
 * @module
 */
import { prepareKernels } from "../kernel/mod.ts";

await prepareKernels((what) =>
  console.error(`setup: making the ${what} that kernels start from (some seconds, once)`)
);
