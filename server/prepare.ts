/**
 * A part of the set-up: makes what kernels start from, so that no request has to wait for it.
 *
 * @module
 */
import { prepareKernels } from "../kernel/mod.ts";

await prepareKernels((what) =>
  console.error(`setup: making the ${what} that kernels start from (some seconds, once)`)
);
