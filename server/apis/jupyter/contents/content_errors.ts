import { HttpError } from "../../../errors/http_error.ts";

/** Makes the refusal of a path that exists and is of another type; `what` names the type asked for. */
export function notOfType(path: string, what: string): HttpError {
  return new HttpError(400, "invalid_argument", `"${path}" is not ${what}`);
}

/** Makes the refusal of a path that does not exist. */
export function notFound(path: string, cause?: unknown): HttpError {
  return new HttpError(404, "not_found", `Cannot find "${path}"`, { cause });
}

/** Turns a failure of the file system into a refusal that names the client's path. */
export function failed(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return notFound(path, error);
    case "ENOTEMPTY":
      return new HttpError(
        400,
        "invalid_argument",
        `Cannot remove "${path}": the directory is not empty`,
      );
    case "EEXIST":
    case "EISDIR":
      return new HttpError(409, "already_exists", `"${path}" exists and is of another type`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new HttpError(403, "permission_denied", `The system refuses access to "${path}"`);
    default:
      return error;
  }
}
