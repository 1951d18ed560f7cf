import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { KernelError, type KernelErrorCode } from "../../kernel/mod.ts";

/** One thing that is wrong with a request. */
export interface ErrorDetail {
  /** Where: the field's path, such as `mounts.0.root`. */
  path: string;
  /** What is wrong, and what to use. */
  message: string;
}

/** What a client sees of every failure. */
export interface ErrorBody {
  /** Stable, for programs. */
  code: string;
  /** For people: what went wrong, and what to do. */
  message: string;
  /** The message again, where clients of earlier servers look for it. */
  error: string;
  /** The code again, where Jupyter's clients look for it. */
  reason: string;
  /** Finds the request in the server's log. */
  requestId: string;
  /** What is wrong with which field. */
  details?: ErrorDetail[];
}

/** Options for {@linkcode HttpError}. */
export interface HttpErrorOptions extends ErrorOptions {
  /** What is wrong with which field. */
  details?: ErrorDetail[];
  /** Response headers, such as `Retry-After`. */
  headers?: Record<string, string>;
}

/** A request that cannot be served, and how the client is told. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly details: ErrorDetail[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    options: HttpErrorOptions = {},
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }
}

const KERNEL_ERROR_STATUS: Record<KernelErrorCode, ContentfulStatusCode> = {
  invalid_argument: 400,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  limit_exceeded: 429,
  start_failed: 500,
  kernel_dead: 409,
  timeout: 504,
  closed: 503,
  protocol_violation: 500,
  install_failed: 422,
  kernel_error: 500,
};

/** How long to wait before asking again for something that is at its limit, in seconds. */
const RETRY_AFTER = "1";

/** Any thrown thing as an `HttpError`; the details of what nobody expected stay in the log. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof KernelError) {
    const headers: Record<string, string> = error.code === "limit_exceeded"
      ? { "Retry-After": RETRY_AFTER }
      : {};
    return new HttpError(KERNEL_ERROR_STATUS[error.code], error.code, error.message, {
      cause: error,
      headers,
    });
  }
  if (error instanceof HTTPException) {
    const code = error.status === 400 ? "invalid_argument" : "http_error";
    return new HttpError(error.status, code, error.message, { cause: error });
  }
  return new HttpError(500, "internal", "The server failed to answer; its log has the reason", {
    cause: error,
  });
}

/** What is noted of a request whose client did not wait for the answer: nginx's number for it. */
export const CLIENT_LEFT = new HttpError(
  499 as ContentfulStatusCode,
  "client_left",
  "The client has left before it was answered",
);

/** The response that tells a client of an error. */
export function errorResponse(c: Context, error: HttpError): Response {
  const body: ErrorBody = {
    code: error.code,
    message: error.message,
    error: error.message,
    reason: error.code,
    requestId: c.get("requestId") ?? "",
    ...(error.details && { details: error.details }),
  };
  return c.json(body, error.status, error.headers);
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
