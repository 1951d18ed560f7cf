import { realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { ServiceError } from "../../errors/service_error.ts";

/** The most characters of a path; more is refused by Linux anyway. */
const MAX_PATH = 4_096;

/**
 * Resolves a path with "/" below a directory, and refuses names and links that lead out of it. A path
 * that does not exist yet is judged by its nearest directory that does.
 *
 * @throws {ServiceError} `invalid_argument` or `permission_denied`.
 */
export async function confinePath(root: string, path: string): Promise<string> {
  if (path.length > MAX_PATH) {
    throw new ServiceError(
      "invalid_argument",
      `Cannot use a path of ${path.length} characters: the most is ${MAX_PATH}`,
    );
  }
  const parts = path.split("/").filter((part) => part !== "");
  if (/[\0\\]/.test(path) || parts.some((part) => part.startsWith("."))) {
    throw new ServiceError(
      "invalid_argument",
      `Cannot use the path "${path}": use a path inside the notebook directory, without "..", ` +
        "hidden names and backslashes",
    );
  }
  const realRoot = await realpath(root);
  const file = join(realRoot, ...parts);
  const real = await nearestRealPath(file);
  if (real !== realRoot && !real.startsWith(realRoot + sep)) {
    throw new ServiceError(
      "permission_denied",
      `Cannot use the path "${path}": a link leads out of the notebook directory`,
    );
  }
  return file;
}

async function nearestRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return await nearestRealPath(dirname(path));
  }
}
