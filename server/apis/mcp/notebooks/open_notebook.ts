import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import type { LiveNotebooks } from "../../../services/notebooks/live_notebooks.ts";
import type { Services } from "../../../services/mod.ts";

/** The path of a notebook. */
export const notebookPath = z.string().min(1).max(1_000).describe(
  "The path of the notebook below the server's notebook directory, such as reports/may.ipynb",
);

/**
 * Returns the notebooks that are open in the server.
 *
 * @throws {ServiceError} `not_found` when the server keeps none.
 */
export function liveNotebooksOf({ liveNotebooks }: Services): LiveNotebooks {
  if (liveNotebooks) return liveNotebooks;
  throw new ServiceError("not_found", "This server keeps no notebooks (NOTEBOOK_DIR)");
}
