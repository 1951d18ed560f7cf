import { getLogger } from "@logtape/logtape";
import type { Context, Hono } from "hono";
import { CLIENT_LEFT, type HttpError, toHttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";

/** A refusal because a sandbox is not there; the clients recognize its message and status. */
export class SandboxGone extends Error {
  override readonly name = "SandboxGone";
  readonly sandboxId: string;

  constructor(sandboxId: string) {
    super("The sandbox was not found");
    this.sandboxId = sandboxId;
  }
}

/** Makes a router answer failures as E2B's service does; `write` makes the answer's body. */
export function answerFailures(
  router: Hono<ServerEnv>,
  write: (c: Context, error: HttpError) => Response,
): void {
  router.onError((error, c) => {
    if (error instanceof SandboxGone) {
      const { sandboxId, message } = error;
      return c.json({ sandboxId, message, code: 502 }, 502);
    }
    const { signal } = c.req.raw;
    const known = signal.aborted && error === signal.reason ? CLIENT_LEFT : toHttpError(error);
    if (known.status >= 500 && known.status !== 501) {
      getLogger("server").error("request failed", { reason: known.message, error });
    }
    return write(c, known);
  });
}

/** Writes a failure with its status as a number, as E2B's own API and its files do. */
export function numericError(c: Context, { status, message, headers }: HttpError): Response {
  return c.json({ code: status, message }, status, headers);
}

/** Writes a failure as text, as E2B's code interpreter does. */
export function textError(c: Context, { status, message, headers }: HttpError): Response {
  return c.text(message, status, headers);
}
