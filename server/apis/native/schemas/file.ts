import { z } from "@hono/zod-openapi";

/** A file or directory inside a kernel. */
export const fileEntrySchema = z.object({
  name: z.string(),
  path: z.string(),
  type: z.enum(["file", "directory", "link", "other"]),
  size: z.int(),
  modified: z.iso.datetime(),
  writable: z.boolean(),
}).openapi("FileEntry");

/** A file, or a directory with what is in it. */
export const fileListingSchema = fileEntrySchema.extend({
  entries: z.array(fileEntrySchema).optional(),
}).openapi("FileListing");
