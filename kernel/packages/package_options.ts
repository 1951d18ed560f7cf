import type { PackageStoreOptions } from "./package_store.ts";

/** The images of installed packages that kernels start from. */
export interface PackageImageOptions {
  /** The sets of packages that get an image when one of their packages is first used. */
  sets: readonly (readonly string[])[];
  /** The most bytes of images that are kept. @default 1 GiB */
  maxBytes?: number;
  /** The directory of caches, in which `images` is made. @default the user's */
  dir?: string;
}

/** The source of Python's packages, and the images that are made of them. */
export interface PackageOptions extends PackageStoreOptions {
  /**
   * Images of installed packages, made in the background of the sets that are named here, and of packages that
   * kernels often begin with. @default none
   */
  images?: PackageImageOptions;
}
