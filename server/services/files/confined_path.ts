import { realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { HttpError } from "../../errors/http_error.ts";

/**
 * Where a path with "/" lies below a directory; no name and no link leads out of it. What does not
 * exist yet is judged by the nearest directory that does.
 *
 * @throws {HttpError} `invalid_argument` or `permission_denied`.
 */
export async function confinePath(root: string, path: string): Promise<string> {
  const parts = path.split("/").filter((part) => part !== "");
  if (/[\0\\]/.test(path) || parts.some((part) => part.startsWith("."))) {
    throw new HttpError(
      400,
      "invalid_argument",
      `Cannot use the path "${path}": use one from the notebook directory on, without "..", hidden ` +
        "names and backslashes",
    );
  }
  const realRoot = await realpath(root);
  const file = join(realRoot, ...parts);
  const real = await nearestRealPath(file);
  if (real !== realRoot && !real.startsWith(realRoot + sep)) {
    throw new HttpError(
      403,
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
