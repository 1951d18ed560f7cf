import { z } from "npm:zod@4.6.7";
import { KernelError } from "../errors.ts";
import type { PackageStore } from "./package_store.ts";
import {
  PACKAGE_BYTECODE,
  PACKAGE_FILE,
  PACKAGE_LIST,
  PACKAGE_METADATA,
  PACKAGE_PLAN,
  PACKAGE_RESOLVER,
  type PackageAnswer,
  type PackageBroker,
  type PackageRequest,
} from "./request.ts";

const request = z.strictObject({
  url: z.string().max(4_096, "use at most 4096 characters"),
  // A line break would begin another header.
  accept: z.string().max(1_024).regex(/^[\x20-\x7e]*$/, "use printable ASCII").optional(),
});

/** Creates a broker that answers from a store, which `opened` opens at the first request. */
export function createBroker(opened: () => Promise<PackageStore>): PackageBroker {
  return async function answer(asked) {
    const { url, accept } = parse(asked);
    const store = await opened();
    if (url === PACKAGE_LIST) {
      const text = JSON.stringify(await store.list());
      return local(url, new TextEncoder().encode(text), "application/json");
    }
    if (url.startsWith(PACKAGE_FILE)) {
      return local(url, copy(await store.package(url.slice(PACKAGE_FILE.length))));
    }
    if (url.startsWith(PACKAGE_BYTECODE)) {
      const archive = await store.bytecode(contentName(url.slice(PACKAGE_BYTECODE.length)));
      return optional(url, archive);
    }
    if (url === PACKAGE_RESOLVER) return optional(url, await store.resolver());
    if (url.startsWith(PACKAGE_PLAN)) {
      const plan = await store.plan(url.slice(PACKAGE_PLAN.length));
      return optional(url, plan && new TextEncoder().encode(JSON.stringify(plan)));
    }
    if (url.startsWith(PACKAGE_METADATA)) {
      return optional(url, await store.metadata(url.slice(PACKAGE_METADATA.length)));
    }
    const found = await store.fetch(url, accept);
    return { ...found, bytes: copy(found.bytes) };
  };
}

function parse(asked: unknown): PackageRequest {
  const result = request.safeParse(asked);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new KernelError(
    "protocol_violation",
    `Cannot fetch: ${issue?.path.join(".")}: ${issue?.message}`,
  );
}

/** Returns a SHA-256; throws for any other text, because the cache uses it as the name of a file. */
function contentName(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new KernelError(
    "protocol_violation",
    `Cannot fetch: url: "${text}" is no SHA-256; use 64 hexadecimal digits`,
  );
}

function local(url: string, bytes: Uint8Array<ArrayBuffer>, contentType = ""): PackageAnswer {
  return { status: 200, contentType, url, bytes };
}

/** Answers with a file, or with the status 404 when there is none. */
function optional(url: string, bytes: Uint8Array<ArrayBuffer> | undefined): PackageAnswer {
  return { ...local(url, copy(bytes ?? new Uint8Array())), status: bytes ? 200 : 404 };
}

/** Copies bytes: an answer is transferred to its kernel, and other kernels may get the same bytes. */
function copy(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
