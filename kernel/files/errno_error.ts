/** The error of a file operation of a {@linkcode VirtualFileSystem}. */
export class ErrnoError extends Error {
  override readonly name = "ErrnoError";
  readonly errno: number;

  constructor(errno: number) {
    super(`file error ${errno}`);
    this.errno = errno;
  }
}
