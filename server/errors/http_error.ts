import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { KernelError, type KernelErrorCode } from "../../kernel/mod.ts";
import { ServiceError, type ServiceErrorCode } from "./service_error.ts";

/** One mistake in a request. */
export interface ErrorDetail {
  /** The path of the field, such as `mounts.0.root`. */
  path: string;
  /** Says what is wrong with the field, and what to use instead. */
  message: string;
}

/** The JSON body of every answer that reports a failure. */
export interface ErrorBody {
  /** The stable name of the failure, for programs. */
  code: string;
  /** For people: says what went wrong and what to do. */
  message: string;
  /** Repeats `message`, where clients of earlier servers look for it. */
  error: string;
  /** Repeats `message`, where clients of FastAPI's servers look for it. */
  detail: string;
  /** Repeats `code`, where Jupyter's clients look for it. */
  reason: string;
  /** Finds the request in the server's log. */
  requestId: string;
  /** Lists the fields that are wrong. */
  details?: ErrorDetail[];
}

/** Options for {@linkcode HttpError}. */
export interface HttpErrorOptions extends ErrorOptions {
  /** Lists the fields that are wrong. */
  details?: ErrorDetail[];
  /** Response headers, such as `Retry-After`. */
  headers?: Record<string, string>;
}

/** A request that cannot be served, with the status and the code that its client is told. */
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

/** The status of each failure that the library and the services name. */
const STATUSES: Record<KernelErrorCode | ServiceErrorCode, ContentfulStatusCode> = {
  already_exists: 409,
  closed: 503,
  conflict: 412,
  execution_finished: 409,
  files_full: 413,
  install_failed: 422,
  interrupt_failed: 409,
  invalid_argument: 400,
  kernel_dead: 409,
  kernel_error: 500,
  limit_exceeded: 429,
  no_space: 507,
  not_found: 404,
  permission_denied: 403,
  precondition_required: 428,
  protocol_violation: 500,
  shutting_down: 503,
  start_failed: 500,
  timeout: 504,
  unreachable: 502,
};

/** The seconds after which a client may ask again for something that is at its limit. */
const RETRY_AFTER_SECONDS = "1";

/** Turns anything that was thrown into an `HttpError`; an unexpected error keeps its details for the log. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof KernelError || error instanceof ServiceError) {
    const headers: Record<string, string> = error.code === "limit_exceeded"
      ? { "Retry-After": RETRY_AFTER_SECONDS }
      : {};
    return new HttpError(STATUSES[error.code], error.code, error.message, {
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

/** Stands in the log for a request whose client left before the answer; nginx uses the same number. */
export const CLIENT_LEFT = new HttpError(
  499 as ContentfulStatusCode,
  "client_left",
  "The client left before it was answered",
);

/** Makes the response that tells a client of an error. */
export function errorResponse(c: Context, error: HttpError): Response {
  return c.json(errorBody(c, error), error.status, error.headers);
}

/** Makes the body of an answer that tells a client of an error. */
export function errorBody(c: Context, error: HttpError): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    error: error.message,
    detail: error.message,
    reason: error.code,
    requestId: c.get("requestId") ?? "",
    ...(error.details && { details: error.details }),
  };
}
