import createClient, { type Client } from "openapi-fetch";
import { CodeInterpreterError, ConnectionLost, RequestError } from "./errors.ts";
import type { paths } from "./openapi.ts";

/** The typed requests of the server's API: `api.GET("/api/kernels/{id}", { params: { path: { id } } })`. */
export type Api = Client<paths>;

/** The server to use. */
export interface ServerOptions {
  /**
   * Its address, perhaps with `?token=`, as the server prints it.
   *
   * @default the variable DENO_CODE_INTERPRETER_URL, or http://127.0.0.1:8000
   */
  url?: string | URL | undefined;
  /** Its token. @default the variable DENO_CODE_INTERPRETER_TOKEN */
  token?: string | undefined;
}

const DEFAULT_URL = "http://127.0.0.1:8000";

/** Returns the typed requests of a server. Sends nothing. */
export function connect(options: ServerOptions = {}): Api {
  const given = options.url ??
    (variable("DENO_CODE_INTERPRETER_URL") || DEFAULT_URL);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new CodeInterpreterError(
      `Cannot use the URL "${given}" of a server: begin it with http:// or https://`,
    );
  }
  const token = options.token ?? url.searchParams.get("token") ??
    variable("DENO_CODE_INTERPRETER_TOKEN");
  const baseUrl = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  return createClient<paths>({
    baseUrl,
    // The token would go along to another server.
    redirect: "error",
    ...(token && { headers: { Authorization: `Bearer ${token}` } }),
    fetch: (request) => reach(request, baseUrl),
  });
}

/** An answer of a typed request. */
interface Answer<Data> {
  data?: Data | undefined;
  error?: unknown;
  response: Response;
}

/** Returns the data of an answer. @throws {RequestError} when the server refused the request. */
export async function dataOf<Data>(
  answering: Promise<Answer<Data>>,
): Promise<Data> {
  const { data, error, response } = await answering;
  if (response.ok) return data as Data; // An empty answer has the type undefined.
  const body = typeof error === "object" && error !== null ? error : {};
  throw new RequestError(
    "message" in body ? String(body.message) : `The server answered with status ${response.status}`,
    response.status,
    "code" in body ? String(body.code) : "unknown",
    "details" in body && Array.isArray(body.details) ? body.details : [],
  );
}

async function reach(request: Request, baseUrl: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ConnectionLost(
      `Cannot reach a server at ${baseUrl}: ${
        reasonOf(error)
      }. Start one, or name it by the option url or by ` +
        "DENO_CODE_INTERPRETER_URL.",
      { cause: error },
    );
  }
}

/** Node says only "fetch failed" and gives the reason as the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message || error.message;
}

/** Returns a variable of the environment, if this program may read it. */
function variable(name: string): string | undefined {
  const { process } = globalThis as {
    process?: { env: Record<string, string | undefined> };
  };
  try {
    return process?.env[name] || undefined;
  } catch {
    return undefined; // Deno throws when the program has no permission.
  }
}
