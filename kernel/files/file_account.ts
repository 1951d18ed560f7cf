/** The limits of a kernel's files. */
export interface FileLimits {
  /** The size of files in memory and of additions to writable mounts, together, in bytes. */
  bytes: number;
  /** The number of open files. */
  open: number;
}

/** About the size of a file besides its contents and its name: of its node in the tree. */
export const NODE_BYTES = 512;
/** The size up to which a growing file doubles; a larger one grows by an eighth. */
const DOUBLING_MAX_BYTES = 1024 * 1024;

/** Returns the capacity that a file of `capacity` bytes gets, if there is room, when it has to hold `wanted` bytes. */
export function roomyCapacity(capacity: number, wanted: number): number {
  const factor = capacity < DOUBLING_MAX_BYTES ? 2 : 1.125;
  return Math.max(wanted, Math.floor(capacity * factor), 256);
}

/** An account of bytes that the files of a kernel take from a common stock. */
export class FileAccount {
  readonly #taken = new WeakMap<object, number>();
  readonly #full: () => Error;
  readonly bytes: number;
  #free: number;
  /** The bytes among those taken that were added to mounts. */
  #addedToMounts = 0;

  /** @param full makes the error that is thrown when not enough is free. */
  constructor(bytes: number, full: () => Error) {
    this.bytes = bytes;
    this.#free = bytes;
    this.#full = full;
  }

  get free(): number {
    return this.#free;
  }

  /** Returns true when an owner could have that much altogether. */
  allows(owner: object, bytes: number): boolean {
    return bytes - (this.#taken.get(owner) ?? 0) <= this.#free;
  }

  /** Sets an owner's total to `bytes`; throws when not enough is free. */
  set(owner: object, bytes: number): void {
    this.spend(bytes - (this.#taken.get(owner) ?? 0));
    this.#taken.set(owner, bytes);
  }

  /** Takes `bytes`, or gives them back when they are below zero; throws when not enough is free. */
  spend(bytes: number): void {
    this.require(bytes);
    this.#free = Math.min(this.bytes, this.#free - bytes);
  }

  /**
   * Takes what a change adds to mounted files. What is removed counts against that: others use these files too,
   * so that a kernel gets back no more than it has added.
   */
  addToMount(bytes: number): void {
    const counted = Math.max(-this.#addedToMounts, bytes);
    this.spend(counted);
    this.#addedToMounts += counted;
  }

  /** Throws when fewer than `bytes` are free. */
  require(bytes: number): void {
    if (bytes > this.#free) throw this.#full();
  }
}
