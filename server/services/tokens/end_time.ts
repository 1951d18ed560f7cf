import { z } from "@hono/zod-openapi";

const time = z.iso.datetime("use a time such as 2030-01-31T12:00:00Z").openapi({
  description: "The time of its end; by default never",
});

/** The time at which something that is kept ends. */
export const keptEndTime = time.optional();

/** The time at which something that is made now will end. */
export const newEndTime = time.refine(
  (it) => Date.parse(it) > Date.now(),
  "this time has passed: use one that is to come",
).optional();
