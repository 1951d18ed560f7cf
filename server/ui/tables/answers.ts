import { z } from "zod";

/** A cell of a table: its text, or the name of a missing value. */
export type TableCell = string | { missing: string };

const text = z.string().max(2_000);
const size = z.int().min(0);
const cell = z.union([text, z.strictObject({ missing: text })]);

const column = z.object({
  place: size,
  name: text,
  type: text,
  kind: z.enum(["number", "time", "boolean", "text", "other"]).catch("other"),
  isIndex: z.boolean(),
});

/** A column of a table, at its place among all columns. */
export type TableColumn = z.infer<typeof column>;

const rows = z.object({
  total: size,
  count: size,
  width: size,
  offset: size,
  columns: z.array(column).max(500),
  rows: z.array(z.array(cell)).max(1_000),
});

/** Rows of a table, of the `count` that the conditions leave of `total`. */
export type TableRows = z.infer<typeof rows>;

const points = z.object({
  count: size,
  points: z.array(z.array(z.union([z.number(), text, z.null()])).min(1).max(2)).max(10_000),
});

/** Values of one or two columns, of some of `count` rows. */
export type TablePoints = z.infer<typeof points>;

/** The answers of the kernel to requests for parts of tables. */
export const ANSWERS = { rows, points } as const;

/** The part of an answer that is the same for all requests. */
export const answerHead = z.object({
  id: size,
  error: text.optional(),
  gone: z.boolean().optional(),
});

/** Returns the name of a column for people who do not see its place. */
export function nameOf({ name, place, isIndex }: TableColumn): string {
  return name || (isIndex ? "index" : `column ${place + 1}`);
}
