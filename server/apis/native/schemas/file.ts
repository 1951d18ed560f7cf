import { z } from "@hono/zod-openapi";

/** A file or directory that a kernel sees. */
export const fileEntrySchema = z.object({
  name: z.string(),
  path: z.string(),
  type: z.enum(["file", "directory", "link", "other"]),
  size: z.int(),
  modified: z.iso.datetime(),
  writable: z.boolean(),
}).openapi("FileEntry");

/** A file, or a directory with its entries. */
export const fileListingSchema = fileEntrySchema.extend({
  entries: z.array(fileEntrySchema).optional(),
}).openapi("FileListing");
