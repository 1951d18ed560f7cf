import { z } from "npm:zod@4.6.7";
import type { FileRecord } from "./file_tree.ts";
import { DIRECTORY, FORMAT, LINK, REGULAR } from "../files/file_kinds.ts";
import { GLUE_ID } from "./glue.ts";
import { PAGE_SIZE } from "./image.ts";
import { FROM_JAVASCRIPT } from "./links.ts";
import { type ImageRecord, NAMES } from "./package_image.ts";
import { findFile } from "./package_image_file.ts";
import { WASM_PAGE_SIZE } from "./wasm_memory.ts";

const count = z.int().min(0).max(2 ** 32);
const text = z.string().max(4_096);
const path = text.regex(/^\//);

/** Python may refer to these objects of JavaScript alone: any other would come to every kernel of an image. */
const reference = z.union([
  z.null(),
  z.strictObject({ API: z.literal(true) }),
  z.strictObject({ abortSignalAny: z.literal(true) }),
  z.strictObject({ serialized: z.strictObject({ named: z.enum(NAMES) }) }),
]);

const library = z.strictObject({
  path,
  handles: z.array(count).max(100),
  global: z.boolean(),
  memoryBase: count,
  memorySize: count,
  tableBase: count,
  tableSize: count,
  needs: z.array(count).max(1_000),
});

const file: z.ZodType<FileRecord> = z.lazy(() =>
  z.strictObject({
    m: count,
    t: z.number(),
    s: count.optional(),
    o: count.optional(),
    l: text.optional(),
    c: z.record(z.string().regex(/^(?!\.{1,2}$|__proto__$)[^/\0]{1,255}$/), file).optional(),
  }) as z.ZodType<FileRecord>
);

const imageRecord: z.ZodType<ImageRecord> = z.strictObject({
  byteLength: count.multipleOf(WASM_PAGE_SIZE),
  runs: z.array(count).max(2_000_000),
  references: z.strictObject({
    hiwireKeys: z.array(reference).max(10_000),
    immortalKeys: z.array(text).max(10_000),
  }),
  glueId: z.literal(GLUE_ID),
  links: z.strictObject({
    libraries: z.array(library).max(5_000),
    symbols: z.array(z.tuple([text, z.int()])).max(500_000),
    slots: z.array(z.tuple([count, z.int().min(FROM_JAVASCRIPT), text])).max(500_000),
    table: z.strictObject({ from: count, to: count }),
    free: z.array(count).max(500_000),
  }),
  tree: file,
  streams: z.array(
    z.strictObject({ descriptor: z.int().min(3).max(4_096), path, flags: count, position: count }),
  ).max(100),
  loadedPackages: z.record(text, text),
  monotonicMs: z.number().min(0),
});

/**
 * Checks the record of an image that a kernel has written, and the sizes of the other parts: code of the
 * packages has run in that kernel, and may have written anything. Throws when it is wrong.
 */
export function parseImageRecord(
  json: string,
  sizes: { pages: number; contents: number },
): ImageRecord {
  const record = imageRecord.parse(JSON.parse(json));
  const { runs, byteLength, links, tree } = record;
  let end = 0;
  let pages = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const [first, length] = [runs[at]!, runs[at + 1] ?? 0];
    if (first < end || length === 0) throw new Error("its pages are not in order");
    end = first + length;
    pages += length;
  }
  if (end * PAGE_SIZE > byteLength || pages * PAGE_SIZE !== sizes.pages) {
    throw new Error("its pages are not those of its memory");
  }
  const { from, to } = links.table;
  const inTable = ([index, origin]: [number, number, string]) =>
    index >= from && index < to && origin < links.libraries.length;
  if (to < from || to > MAX_TABLE || !links.slots.every(inTable)) {
    throw new Error("its functions are not in its table");
  }
  links.libraries.forEach((it, index) => {
    const { s } = findFile(tree, it.path) ?? {};
    if (s === undefined) throw new Error(`the file of its library ${it.path} is missing`);
    if (it.needs.some((need) => need >= index)) throw new Error("its libraries are not in order");
  });
  assertFiles(tree, sizes.contents);
  return record;
}

const MAX_TABLE = 10_000_000;

function assertFiles({ m, s = 0, o = 0, l, c }: FileRecord, contents: number): void {
  const kind = c ? DIRECTORY : l !== undefined ? LINK : REGULAR;
  if ((m & FORMAT) !== kind) throw new Error("a file of it has the wrong kind");
  if (o + s > contents) throw new Error("a file of it is not in its contents");
  for (const child of Object.values(c ?? {})) assertFiles(child, contents);
}
