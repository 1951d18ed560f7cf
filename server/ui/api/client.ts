/** An `ApiError` is thrown for a request that the server refused or that did not reach it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The error code of the server's response, or `unreachable`. */
  readonly code: string;
  /** The HTTP status; 0 if there was no response. */
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Options for {@linkcode call}. */
export interface CallOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The body, which is sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** True for a request that goes on when the page is closed. */
  keepalive?: boolean;
}

/** The path of the API: in an app view, the part of it that its link allows. */
const BASE = /^\/apps\/[\w-]+/.exec(globalThis.location?.pathname ?? "")?.[0] ?? "";

/** Returns the address of a path of the API. */
export function apiUrl(path: string): string {
  return BASE + path;
}

/**
 * Sends a request to the server.
 *
 * @throws {ApiError} if the server refuses the request or cannot be reached.
 * @throws the reason of `signal` if it aborts.
 */
export async function call(path: string, options: CallOptions = {}): Promise<Response> {
  const { method = "GET", body, headers = {}, signal, keepalive = false } = options;
  let response: Response;
  try {
    response = await fetch(apiUrl(path), {
      method,
      keepalive,
      headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "unreachable", "The server cannot be reached");
  }
  if (response.ok) return response;
  throw await refusal(response);
}

/** Sends a request and parses the response as JSON. The type is the one of the server's schema. */
export async function callJson<T>(path: string, options?: CallOptions): Promise<T> {
  return await (await call(path, options)).json() as T;
}

/** Reads the error of a response. A proxy may have answered with something other than JSON. */
async function refusal(response: Response): Promise<ApiError> {
  const { status, statusText } = response;
  try {
    const { code, message } = await response.json();
    return new ApiError(status, String(code), String(message));
  } catch {
    return new ApiError(status, "http_error", `The server answered ${status} ${statusText}`);
  }
}
