import { defaultHosts } from "../../kernel/default_hosts.ts";
import type { PackageSource, ProcessHostFactory } from "../../kernel/engine.ts";
import { KernelManager, type KernelManagerOptions, type PackageOptions } from "../../kernel/mod.ts";
import { PythonEngine } from "../../kernel/pyodide/engine.ts";
import type { KernelImages } from "../../kernel/pyodide/package_images.ts";
import { makeWheel, serveDistribution, type Wheel, type WheelSource } from "./distribution.ts";
import { tinyExtension, tinyLibrary } from "./extension.ts";
import { temporaryDirectory } from "./mod.ts";

/** Kernels that start from images, and the images. */
export interface ImageKernels extends AsyncDisposable {
  manager: KernelManager;
  images: KernelImages;
  /** The directory of the images' files. */
  directory: string;
}

/** An engine that tells of its images. */
export class WatchedEngine extends PythonEngine {
  /** The images, once a manager has opened the packages. */
  images: KernelImages | undefined;

  override openPackages(createHost: ProcessHostFactory): PackageSource | undefined {
    const source = super.openPackages(createHost);
    this.images = source?.images as KernelImages | undefined;
    return source;
  }
}

/** Options for {@linkcode imageKernels}. */
export interface ImageKernelsOptions
  extends Omit<KernelManagerOptions, "packages" | "engines" | "hosts"> {
  /** Further wheels of the distribution. */
  wheels?: WheelSource[];
  /** Further options for packages. */
  packages?: PackageOptions;
  /** Uses the images that other tests of the same file have made. @default false */
  shared?: boolean;
}

/**
 * A package `tiny` with a compiled extension, a library that the extension needs, and a file. It notes the
 * time at which it is imported, which tells if a kernel has imported it itself.
 */
export async function tinyWheel(): Promise<WheelSource> {
  return {
    name: "tiny",
    version: "1.0",
    imports: ["tinypack"],
    files: {
      "tinypack/__init__.py": "import os, sys, time\n" +
        "sys.path.append(os.path.dirname(__file__))\nimport tiny\nfrom tiny import add\n" +
        "sys.path.pop()\nIMPORTED, CLOCK = time.time_ns(), time.monotonic()\n" +
        "LEVEL = os.environ.get('TINY_LEVEL')\n" +
        "FILE = open(os.path.join(os.path.dirname(__file__), 'data.txt'))\nFILE.read(2)\n",
      "tinypack/later.py": "VALUE = 42\n",
      "tinypack/data.txt": "abcdef\n",
      "tinypack/tiny.so": await tinyExtension("libtiny.so"),
      "libtiny.so": await tinyLibrary(),
    },
  };
}

/** The package `tiny` is made once, and its images are kept for all tests of a file. */
let tiny: Promise<Wheel> | undefined;
let imagesDir: Promise<string> | undefined;

async function sharedDirectory(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "kernel_test_" });
  addEventListener("unload", () => Deno.removeSync(path, { recursive: true }));
  return path;
}

/** Makes a manager with a distribution that has the package `tiny`, of which an image is made when it is used. */
export async function imageKernels(options: ImageKernelsOptions = {}): Promise<ImageKernels> {
  const { wheels = [], packages = {}, shared = false, ...rest } = options;
  const disposal = new AsyncDisposableStack();
  tiny ??= tinyWheel().then(makeWheel);
  const all = [await tiny, ...wheels.map(makeWheel)];
  const distribution = disposal.use(await serveDistribution(all));
  const dir = shared
    ? await (imagesDir ??= sharedDirectory())
    : disposal.use(await temporaryDirectory()).path;
  const engine = new WatchedEngine({
    packages: {
      baseUrl: distribution.url,
      cacheDir: null,
      images: { sets: [["tiny"]], dir },
      ...packages,
    },
  });
  const hosts = defaultHosts([engine]);
  const manager = disposal.use(new KernelManager({ ...rest, engines: [engine], hosts }));
  const directory = `${dir}/images`;
  return {
    manager,
    images: engine.images!,
    directory,
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
