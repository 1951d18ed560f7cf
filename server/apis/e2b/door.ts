/**
 * The tokens of sandboxes: each sandbox has its own, and a call that carries a wrong one is refused.
 *
 * @module
 */
import type { Context } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";
import { HttpError } from "../../errors/http_error.ts";
import type { Sandbox } from "../../services/sandboxes/sandbox.ts";
import type { Sandboxes } from "../../services/sandboxes/sandboxes.ts";
import { SandboxGone } from "./errors.ts";

/** The part of a sandbox that a call is for: running code, or files and commands. */
export type SandboxPart = "code" | "files";

/**
 * Returns the sandbox that a call is for. Files and commands need the access token; code needs the traffic
 * token or the access token. Every token that is carried must be right.
 *
 * @throws {SandboxGone} when there is no such sandbox.
 * @throws {HttpError} status 400 or 401.
 */
export function enter(c: Context, sandboxes: Sandboxes, part: SandboxPart): Sandbox {
  const sandbox = named(c, sandboxes);
  const access = c.req.header("X-Access-Token");
  const traffic = c.req.header("E2B-Traffic-Access-Token");
  const rightAccess = access !== undefined && equal(access, sandbox.accessToken);
  const rightTraffic = traffic !== undefined && equal(traffic, sandbox.trafficToken);
  if (access !== undefined && !rightAccess) throw refusal("X-Access-Token is not this sandbox's");
  if (traffic !== undefined && !rightTraffic) {
    throw refusal("E2B-Traffic-Access-Token is not this sandbox's");
  }
  if (rightAccess || rightTraffic && part === "code") return sandbox;
  throw refusal(
    part === "code"
      ? "send the sandbox's E2B-Traffic-Access-Token or X-Access-Token"
      : "send the sandbox's X-Access-Token",
  );
}

/** Returns the sandbox that a call names. */
export function named(c: Context, sandboxes: Sandboxes): Sandbox {
  const id = c.req.header("E2b-Sandbox-Id");
  if (id === undefined) {
    throw new HttpError(400, "invalid_argument", "Cannot find the sandbox: send E2b-Sandbox-Id");
  }
  const sandbox = sandboxes.find(id);
  if (!sandbox) throw new SandboxGone(id);
  return sandbox;
}

/** The operation that a signed URL allows. */
export type SignedOperation = "read" | "write";

/**
 * Returns the sandbox whose access token has signed the URL of a file. The URL need not name the sandbox: no two
 * sandboxes have one token.
 *
 * @throws {HttpError} status 401.
 */
export function enterSigned(c: Context, sandboxes: Sandboxes, operation: SignedOperation): Sandbox {
  const { path = "", username = "", signature = "", signature_expiration } = c.req.query();
  if (signature_expiration !== undefined && !(Number(signature_expiration) * 1_000 > Date.now())) {
    throw refusal("the signature of the URL has expired");
  }
  const suffix = signature_expiration === undefined ? "" : `:${signature_expiration}`;
  const signed = sandboxes.list().find(({ accessToken }) => {
    const text = `${path}:${operation}:${username}:${accessToken}${suffix}`;
    const hash = createHash("sha256").update(text).digest("base64").replace(/=+$/, "");
    return equal(signature, `v1_${hash}`);
  });
  if (signed) return signed;
  throw refusal("the signature of the URL is not right");
}

function refusal(reason: string): HttpError {
  return new HttpError(401, "unauthenticated", `Cannot reach the sandbox: ${reason}`);
}

/** Compares two texts in a time that does not depend on where they differ or how long they are. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
