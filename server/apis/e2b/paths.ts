import { resolve } from "node:path/posix";
import { z } from "zod";
import { SANDBOX_HOME } from "../../services/sandboxes/sandbox.ts";

/** The longest path on Linux. */
const MAX_PATH = 4_095;
/** The most names in one path. */
const MAX_PARTS = 500;

/** A path in a sandbox, made absolute: relative ones begin in the home directory, as does `~`. */
export const pathSchema = z.string().min(1, "name a path in the sandbox").max(MAX_PATH)
  .refine((it) => it.split("/").length <= MAX_PARTS, `use at most ${MAX_PARTS} names in one path`)
  .transform((it) => resolve(SANDBOX_HOME, it.replace(/^~(?=\/|$)/, SANDBOX_HOME)));
