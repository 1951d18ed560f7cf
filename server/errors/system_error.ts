import { ServiceError, type ServiceErrorCode } from "./service_error.ts";

/** The refusals that the system's errors about a client's path become, by the error's code. */
const REFUSALS: Readonly<Record<string, readonly [ServiceErrorCode, string]>> = {
  EACCES: ["permission_denied", "the system refuses access"],
  EDQUOT: ["no_space", "the disk quota is used up"],
  EEXIST: ["already_exists", "it exists and is of another type"],
  EFBIG: ["no_space", "the file would be too large"],
  EINVAL: ["invalid_argument", "the system does not take this name"],
  EISDIR: ["already_exists", "it is a directory"],
  ELOOP: ["invalid_argument", "its links lead in a circle"],
  ENAMETOOLONG: ["invalid_argument", "the name is too long"],
  ENOENT: ["not_found", "there is nothing"],
  ENOSPC: ["no_space", "the disk is full"],
  ENOTDIR: ["not_found", "a part of the path is no directory"],
  ENOTEMPTY: ["invalid_argument", "the directory is not empty"],
  ENXIO: ["invalid_argument", "it is no regular file"],
  EPERM: ["permission_denied", "the system refuses access"],
  EROFS: ["permission_denied", "the file system is read-only"],
  ETXTBSY: ["permission_denied", "it is a program that runs"],
};

/** Turns a failure of the file system into a refusal that names the client's path; others stay as they are. */
export function systemRefusal(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!Object.hasOwn(REFUSALS, code)) return error;
  const [refusal, reason] = REFUSALS[code]!;
  // A name that is too long would be too long for the message as well.
  return new ServiceError(refusal, `Cannot use "${path.slice(0, 200)}": ${reason}`, {
    cause: error,
  });
}
