import { O_APPEND, O_WRONLY } from "../files/open_flags.ts";
import { readBytecodeArchive } from "../packages/bytecode_archive.ts";
import {
  PACKAGE_BYTECODE,
  PACKAGE_FILE,
  PACKAGE_LIST,
  type PackageBroker,
} from "../packages/request.ts";
import { sha256 } from "../whole_file.ts";
import type { EmscriptenFs, EmscriptenModule, PyodideApi } from "./emscripten.ts";
import type { PackedContents, PackedFiles } from "./packed_files.ts";
import { contentsOf, type WheelMember } from "./wheel_member.ts";

/** The parts of a distribution's lock file that this module uses. */
interface LockedPackages {
  info: Record<string, unknown>;
  packages: Record<string, { name: string; imports: string[] }>;
}

/** The time that a kernel's own download may take, in milliseconds, and its largest size. */
const DOWNLOAD_MS = 120_000;
const MAX_DOWNLOAD_BYTES = 256 * 2 ** 20;

/**
 * Gets packages for Python's side from the host. It makes Pyodide's own package manager, and so micropip,
 * get them there as well.
 */
export class RuntimePackages {
  readonly #broker: PackageBroker;
  #module: EmscriptenModule | undefined;
  #packed: PackedFiles | undefined;
  /** The question that is under way. */
  #listing: Promise<string> | undefined;

  /** Must be connected before anybody asks it. */
  constructor(broker: PackageBroker) {
    this.#broker = broker;
  }

  /** Connects it with a started interpreter, and with the files of its packages. */
  connect(module: EmscriptenModule, packed: PackedFiles): void {
    this.#module = module;
    this.#packed = packed;
    const broker = this.#broker;
    const { API: api } = module;
    // Pyodide's own function would fetch, for which the kernel has no permission.
    api.packageManager.downloadPackage = async ({ normalizedName, channel }) =>
      channel === "default channel"
        ? (await broker({ url: `${PACKAGE_FILE}${normalizedName}` })).bytes
        : (await broker({ url: channel })).bytes;
    const { install } = api;
    api.install = async (bytes, fileName, directory, metadata) => {
      await install(bytes, fileName, directory, metadata);
      await this.addBytecode(await sha256(bytes), directory);
    };
  }

  get #api(): PyodideApi {
    return this.#module!.API;
  }

  get #fs(): EmscriptenFs {
    return this.#module!.FS;
  }

  /** Returns the list of packages as JSON, `{"lock": ..., "indexUrl": ...}`, and tells it to Pyodide. */
  list(): Promise<string> {
    return this.#listing ??= this.#list().finally(() => this.#listing = undefined);
  }

  /** Returns the status and the content of an address that the host answers for. */
  async get(url: string): Promise<{ status: number; bytes: Uint8Array }> {
    const { status, bytes } = await this.#broker({ url });
    return { status, bytes };
  }

  /**
   * Returns the status and the content of an address that the kernel may connect to itself; without a network
   * the host answers here, too.
   */
  async download(url: string): Promise<{ status: number; bytes: Uint8Array }> {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_DOWNLOAD_BYTES) {
        throw new Error(`Cannot fetch "${url}": it is larger than ${MAX_DOWNLOAD_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    return { status: response.status, bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()) };
  }

  /** Returns the bytes that packages may still take, as they are packed. */
  room(): number {
    return this.#packed!.free;
  }

  /**
   * Makes files of the members of a wheel, a list of {@linkcode WheelMember}s in JSON. They are unpacked when
   * they are read. With `verify` their checksums are compared now.
   */
  unpack(wheel: Uint8Array<ArrayBuffer>, members: string, verify: boolean): void {
    const packed = this.#packed!;
    const files: [string, PackedContents][] = [];
    for (const member of JSON.parse(members) as WheelMember[]) {
      const { path, name, checksum } = member;
      const contents = contentsOf(wheel, member);
      if (verify && !packed.isWhole(contents, checksum)) throw new Error(`it is damaged: ${name}`);
      files.push([path, contents]);
    }
    packed.add(wheel.length, files);
  }

  /** Unpacks a package's file into site-packages or another install place, and loads its libraries. */
  async install(
    bytes: Uint8Array<ArrayBuffer>,
    fileName: string,
    place: string,
    source: string,
  ): Promise<void> {
    const directory = this.#api.package_loader.get_install_dir(place);
    const metadata = new Map([["INSTALLER", "deno_kernel"], ["PYODIDE_SOURCE", source]]);
    await this.#api.install(bytes, fileName, directory, metadata);
  }

  /**
   * Puts compiled files beside the sources of an unpacked wheel. A failure is ignored: without them the
   * first import is slower.
   */
  async addBytecode(wheel: string, directory: string): Promise<void> {
    if (directory !== this.#api.sitePackages) return; // Compiled files name the path of their sources.
    try {
      const { status, bytes } = await this.#broker({ url: `${PACKAGE_BYTECODE}${wheel}` });
      if (status === 200) this.#addFiles(bytes, directory);
    } catch {
      // Python compiles a module without a compiled file when it imports it.
    }
  }

  #addFiles(archive: Uint8Array<ArrayBuffer>, directory: string): void {
    const { header, contents } = readBytecodeArchive(archive);
    const files: [string, PackedContents][] = [];
    let at = 0;
    for (const [path, size, packedSize] of header.files) {
      const packed = contents.subarray(at, at += packedSize);
      files.push([`${directory}/${path}`, { packed, size, deflated: true }]);
    }
    this.#packed!.add(archive.length, files);
    if (header.record === null) return;
    // The record lists the files that go when the package is removed.
    const text = new TextEncoder().encode(header.files.map(([path]) => `${path},,\n`).join(""));
    this.#fs.writeFile(`${directory}/${header.record}`, text, {
      flags: O_WRONLY | O_APPEND,
    });
  }

  /** Records in Pyodide's package manager, which micropip reads, that a package is installed, or is not. */
  loaded(name: string, source: string | undefined): void {
    const { loadedPackages } = this.#api.packageManager;
    if (source === undefined) delete loadedPackages[name];
    else loadedPackages[name] = source;
  }

  async #list(): Promise<string> {
    const { bytes } = await this.#broker({ url: PACKAGE_LIST });
    const text = new TextDecoder().decode(bytes);
    const { lock } = JSON.parse(text) as { lock: LockedPackages };
    const { info, packages } = lock;
    Object.assign(this.#api, {
      lockfile: lock,
      lockfile_info: info,
      lockfile_packages: packages,
      _import_name_to_package_name: new Map(
        Object.entries(packages).flatMap(([name, { imports }]) => imports.map((it) => [it, name])),
      ),
    });
    return text;
  }
}
