import { z } from "npm:zod@4.6.7";
import { KernelError } from "../errors.ts";
import { isUrl } from "./server_address.ts";

/** A package as a distribution lists it. */
const lockedPackage = z.looseObject({
  name: z.string(),
  version: z.string(),
  /** A name below the distribution, or a URL. */
  file_name: z.string().refine(
    (name) => isUrl(name) || !/^\/|\\|(^|\/)\.\.(\/|$)/.test(name),
    "use the name of a file or a URL",
  ),
  install_dir: z.enum(["site", "dynlib", "stdlib"]).catch("site"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  package_type: z.string().default("package"),
  /** The modules that it contains. */
  imports: z.array(z.string()).default(() => []),
  /** The names of the packages that it needs. */
  depends: z.array(z.string()).default(() => []),
});

/** The schema of a list of packages. */
export const lockSchema: z.ZodType<LockFile> = z.object({
  info: z.looseObject({ abi_version: z.string() }),
  packages: z.record(z.string(), lockedPackage),
});

/** The packages of a distribution, by canonical name. */
export interface LockFile {
  info: { abi_version: string; [fact: string]: unknown };
  packages: Record<string, LockedPackage>;
}
/** A package as a distribution lists it. */
export type LockedPackage = z.infer<typeof lockedPackage>;

/**
 * Parses the lock file of a distribution.
 *
 * @throws {KernelError} `invalid_argument` when it is malformed, or for another Pyodide.
 */
export function parseLockFile(text: string, from: string, abiVersion: string): LockFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(`"${from}" is not JSON`, cause);
  }
  const result = lockSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw refused(`"${from}": ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { abi_version } = result.data.info;
  if (abi_version !== abiVersion) {
    throw refused(
      `"${from}" is for another Pyodide: its ABI is ${abi_version}, and this one's ${abiVersion}`,
    );
  }
  return result.data;
}

function refused(reason: string, cause?: unknown): KernelError {
  return new KernelError("invalid_argument", `Cannot use the package list: ${reason}`, { cause });
}
