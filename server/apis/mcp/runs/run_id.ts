import { randomBytes } from "node:crypto";

/** Makes the id of a run, which nobody can guess: who knows it may read the run. */
export function generateRunId(): string {
  return `r-${randomBytes(12).toString("hex")}`;
}
