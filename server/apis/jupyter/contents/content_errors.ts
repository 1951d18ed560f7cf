import { HttpError } from "../../../errors/http_error.ts";

/** Makes the refusal of a path that exists and is of another type; `what` names the type asked for. */
export function notOfType(path: string, what: string): HttpError {
  return new HttpError(400, "invalid_argument", `"${path}" is not ${what}`);
}

/** Makes the refusal of a path that does not exist. */
export function notFound(path: string, cause?: unknown): HttpError {
  return new HttpError(404, "not_found", `Cannot find "${path}"`, { cause });
}
