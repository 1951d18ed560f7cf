import { isMounted, USUAL_UMASK } from "../files/file_system.ts";
import type { EmscriptenModule } from "./emscripten.ts";

const FILE = 0o644;
const DIRECTORY = 0o755;
const SHARED_DIRECTORY = 0o1777;
const PERMISSIONS = 0o777;
/** The directories that Emscripten makes before there is a mask. */
const OWN = ["/", "/dev", "/home", "/home/web_user", "/proc", "/proc/self"];
/** Those in which everybody may write, and remove only what is his own. */
const SHARED = ["/tmp", "/dev/shm"];

/**
 * The permissions of new files: those that the system call asks for, without those of the mask, as in Linux.
 * The kernel's own code asks for none. Its files have the usual ones whatever the mask is, so that no mask keeps
 * the kernel from what it has written.
 */
export class FileModes {
  #mask = USUAL_UMASK;

  /** The permissions that new files do not get. */
  get mask(): number {
    return this.#mask;
  }

  /** Sets the mask, and returns the one before. */
  setMask(next: number): number {
    const previous = this.#mask;
    this.#mask = next & PERMISSIONS;
    return previous;
  }

  /** Makes a file system apply the mask. The directories that it has already get the usual permissions. */
  attach({ FS }: Pick<EmscriptenModule, "FS">): void {
    const { open, mkdir } = FS;
    // The mode of a file that is there already has no effect.
    FS.open = (path, flags, mode) => open(path, flags, this.#masked(mode, FILE));
    FS.mkdir = (path, mode) => {
      const masked = this.#masked(mode, DIRECTORY);
      const node = mkdir(path, masked);
      // The mask of the process that mounts the directory has been applied too.
      if (isMounted(node)) FS.chmod(path, masked);
      return node;
    };
    for (const path of OWN) FS.chmod(path, DIRECTORY);
    for (const path of SHARED) FS.chmod(path, SHARED_DIRECTORY);
  }

  #masked(mode: number | undefined, usual: number): number {
    return mode === undefined ? usual : mode & ~this.#mask;
  }
}
