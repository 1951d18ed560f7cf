import { setImmediate } from "node:timers/promises";
import { z } from "npm:zod@4.6.7";
import { KernelError } from "../errors.ts";
import { readIndexHtml } from "./index_html.ts";
import { canonicalName } from "./project_name.ts";
import { fileNameOf, withoutCredentials } from "./server_address.ts";
import { parseWheelName } from "./wheel_name.ts";

/** The forms of pages that are understood, as an `Accept` header: JSON is preferred. */
export const PAGE_FORMS = "application/vnd.pypi.simple.v1+json, " +
  "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
/** The form in which kernels get a page. */
export const PAGE_JSON = "application/vnd.pypi.simple.v1+json";
/** The largest page that is read, in bytes. */
export const MAX_PAGE_BYTES = 16 * 2 ** 20;
const MAX_FILES = 50_000;
/** The number of files that are read before this thread does other work; they take milliseconds. */
const FILES_AT_A_TIME = 200;

const hashes = z.record(z.string().max(32), z.string().max(256)).refine(
  ({ sha256 }) => sha256 === undefined || /^[0-9a-f]{64}$/i.test(sha256),
).transform((found) =>
  // In the spelling in which hashes are compared.
  found["sha256"] === undefined ? found : { ...found, sha256: found["sha256"].toLowerCase() }
);
const metadata = z.union([z.boolean(), hashes]);

const indexFile = z.object({
  filename: z.string().min(1).max(512),
  url: z.string().min(1).max(4_096),
  hashes: hashes.default({}),
  "requires-python": z.string().max(1_024).nullish(),
  "core-metadata": metadata.optional(),
  /** The older name of `core-metadata`. */
  "dist-info-metadata": metadata.optional(),
  yanked: z.union([z.boolean(), z.string().max(4_096)]).optional(),
  size: z.number().int().nonnegative().nullish(),
  "upload-time": z.string().max(64).nullish(),
});

const indexPage = z.object({
  meta: z.object({ "api-version": z.string().max(16) }),
  name: z.string().max(512).optional(),
  versions: z.array(z.string().max(256)).max(MAX_FILES).optional(),
  files: z.array(z.unknown()).max(MAX_FILES),
});

/** A file as a page lists it. Its address is absolute, and without credentials and fragment. */
export type IndexFile = z.infer<typeof indexFile>;

/** The page of a project in an index, as JSON pages are (PEP 691). */
export interface IndexPage {
  meta: { "api-version": string };
  /** The project's canonical name. */
  name: string;
  versions?: string[];
  files: IndexFile[];
}

/** A page as a server sent it. */
export interface SentPage {
  contentType: string;
  /** The address of the page, to which relative links are relative. */
  url: string;
  bytes: Uint8Array;
}

/**
 * Reads the page of a project, JSON or HTML. A large page takes seconds of this thread, which does other
 * work in between. Files that are not well described are left out, and so are
 * wheels of other projects.
 *
 * @throws {KernelError} `protocol_violation` when it is not a page of that project.
 */
export async function parseIndexPage(
  { contentType, url, bytes }: SentPage,
  project: string,
): Promise<IndexPage> {
  const refused = (reason: string, cause?: unknown) =>
    new KernelError(
      "protocol_violation",
      `Cannot use the index's page of "${project}": ${reason}`,
      { cause },
    );
  const text = new TextDecoder().decode(bytes);
  const form = contentType.split(";")[0]!.trim().toLowerCase();
  let value: unknown;
  if (/^application\/(json|vnd\.pypi\.simple\.v\d+\+json)$/.test(form)) {
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw refused("it is not JSON", cause);
    }
  } else if (/^(text\/html|application\/vnd\.pypi\.simple\.v\d+\+html)$/.test(form)) {
    value = await readIndexHtml(text, url);
  } else throw refused(`its type is "${form}", and neither JSON nor HTML of an index`);
  const result = indexPage.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw refused(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { meta, name = project, versions, files } = result.data;
  if (!/^1\./.test(meta["api-version"])) {
    throw refused(`it has version ${meta["api-version"]} of the form, and not 1`);
  }
  if (canonicalName(name) !== project) throw refused(`it is the page of "${name}"`);
  return {
    meta: { "api-version": "1.0" },
    name: project,
    ...(versions && { versions }),
    files: await readFiles(files, url, project),
  };
}

/** Returns true when one of the forms of an `Accept` header is that in which kernels get pages. */
export function acceptsPages(accept = "*/*"): boolean {
  return accept.split(",").some((form) =>
    /^(\*\/\*|application\/(\*|json|vnd\.pypi\.simple\.(v1|latest)\+json))$/i.test(
      form.split(";")[0]!.trim(),
    )
  );
}

async function readFiles(values: unknown[], page: string, project: string): Promise<IndexFile[]> {
  const files: IndexFile[] = [];
  for (const [index, value] of values.entries()) {
    if (index % FILES_AT_A_TIME === FILES_AT_A_TIME - 1) await setImmediate();
    const file = readFile(value, page, project);
    if (file) files.push(file);
  }
  return files;
}

function readFile(value: unknown, page: string, project: string): IndexFile | undefined {
  const { data: file } = indexFile.safeParse(value);
  const url = file && URL.parse(file.url, page);
  if (!file || !url || !/^https?:$/.test(url.protocol)) return undefined;
  const { filename } = file;
  if (isWheel(filename) && !isWheelOf(filename, project)) return undefined;
  const last = fileNameOf(url);
  // An address may have any name, as a hash, but not that of another wheel.
  if (last !== undefined && isWheel(last) && last !== filename) return undefined;
  return { ...file, url: withoutCredentials(url).href };
}

function isWheel(name: string): boolean {
  return /\.whl$/i.test(name);
}

function isWheelOf(filename: string, project: string): boolean {
  try {
    return canonicalName(parseWheelName(filename).name) === project;
  } catch {
    return false;
  }
}
