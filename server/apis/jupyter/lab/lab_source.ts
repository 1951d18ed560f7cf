import { getLogger } from "@logtape/logtape";
import { fetchWheel, type PackageOptions } from "../../../../kernel/mod.ts";
import { messageOf } from "../../../errors/service_error.ts";
import { LabFiles } from "./lab_files.ts";
import { LAB_WHEELS, type LabWheels } from "./lab_wheels.ts";

const logger = getLogger("server");

/** Gives JupyterLab's files, which are fetched once and then kept with the other packages. */
export class LabSource {
  readonly #packages: PackageOptions;
  readonly #wheels: LabWheels;
  #files: Promise<LabFiles> | undefined;

  /** Fetches nothing yet. The wheels come from the sources of `packages`. */
  constructor(packages: PackageOptions, wheels: LabWheels = LAB_WHEELS) {
    this.#packages = packages;
    this.#wheels = wheels;
  }

  /**
   * Returns the files. After a failure the next call tries again.
   *
   * @throws {KernelError} `not_found` when no source has the wheels, `protocol_violation` when one is another than it
   * should be.
   */
  get(): Promise<LabFiles> {
    return this.#files ??= this.#load().catch((error) => {
      this.#files = undefined;
      logger.error("JupyterLab cannot be fetched", { reason: messageOf(error) });
      throw error;
    });
  }

  async #load(): Promise<LabFiles> {
    const { lab, widgets } = this.#wheels;
    return new LabFiles([
      await fetchWheel(
        this.#packages,
        lab,
        () => logger.info("fetching JupyterLab from the package index (17 MB, once)"),
      ),
      await fetchWheel(this.#packages, widgets),
    ]);
  }
}
