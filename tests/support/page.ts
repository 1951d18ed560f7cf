import { fileURLToPath } from "node:url";

/** The directory into which the set-up builds the page. */
export const PAGE_DIRECTORY = fileURLToPath(new URL("../../dist/ui", import.meta.url));
