/** A request that the server refused or that did not reach it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The server's code, or `unreachable`. */
  readonly code: string;
  /** The answer's status; 0: there was none. */
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
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/**
 * Sends a request to the server.
 *
 * @throws {ApiError} when it is refused or does not get there; what the signal's abort throws.
 */
export async function call(path: string, options: CallOptions = {}): Promise<Response> {
  const { method = "GET", body, headers = {}, signal } = options;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
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

/** The JSON of an answer. The server is ours: its answers have the shapes of its schemas. */
export async function callJson<T>(path: string, options?: CallOptions): Promise<T> {
  return await (await call(path, options)).json() as T;
}

/** What a refusal says; a proxy in between may answer something else than JSON. */
async function refusal(response: Response): Promise<ApiError> {
  const { status, statusText } = response;
  try {
    const { code, message } = await response.json();
    return new ApiError(status, String(code), String(message));
  } catch {
    return new ApiError(status, "http_error", `The server answered ${status} ${statusText}`);
  }
}
