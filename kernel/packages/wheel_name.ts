import { KernelError } from "../errors.ts";

/** The parts of a wheel's file name. */
export interface WheelName {
  name: string;
  version: string;
  python: string;
  abi: string;
  platform: string;
}

/** The platform of this Pyodide, which decides together with `any` which wheels run here. */
export interface WheelPlatform {
  /** The ABI of its wheels, such as "2026_0". */
  abiVersion: string;
  /** The minor version of Python 3, such as 14. */
  pythonMinor: number;
}

/** The form of a wheel's file name: name, version, build (perhaps), Python, ABI and platform. */
const WHEEL_NAME =
  /^([A-Za-z0-9][\w.]*)-([A-Za-z0-9_.!+]+)(?:-\d[\w.]*)?-([\w.]+)-([\w.]+)-([\w.]+)\.whl$/;

/**
 * Parses a wheel's file name.
 *
 * @throws {KernelError} `invalid_argument`.
 */
export function parseWheelName(file: string): WheelName {
  const match = WHEEL_NAME.exec(file);
  if (!match) {
    throw new KernelError(
      "invalid_argument",
      `"${file}" is not the name of a wheel: name-version-python-abi-platform.whl`,
    );
  }
  const [, name, version, python, abi, platform] = match as unknown as string[];
  return { name: name!, version: version!, python: python!, abi: abi!, platform: platform! };
}

/**
 * Refuses a wheel for another platform or Python.
 *
 * @throws {KernelError} `invalid_argument`, naming the kinds of wheels that run here.
 */
export function assertRunsHere(file: string, { abiVersion, pythonMinor }: WheelPlatform): void {
  const { python, abi, platform } = parseWheelName(file);
  const anywhere = platform.split(".").includes("any");
  const built = platform.split(".").includes(`pyemscripten_${abiVersion}_wasm32`);
  const pythons = python.split(".").some((tag) => {
    if (tag === "py3") return true;
    const [, kind, version] = /^(cp|py)3(\d+)$/.exec(tag) ?? [];
    if (version === undefined) return false;
    // Wheels for any Python, and those for the stable ABI, run in later versions, too.
    const orLater = kind === "py" || abi.split(".").includes("abi3");
    return orLater ? Number(version) <= pythonMinor : Number(version) === pythonMinor;
  });
  const abis = abi.split(".").some((tag) =>
    tag === "none" || tag === "abi3" || tag === `cp3${pythonMinor}`
  );
  if ((anywhere || built) && pythons && abis) return;
  throw new KernelError(
    "invalid_argument",
    `"${file}" does not run here: use a wheel of pure Python (py3-none-any), or one for this ` +
      `Pyodide (cp3${pythonMinor}-cp3${pythonMinor}-pyemscripten_${abiVersion}_wasm32)`,
  );
}
