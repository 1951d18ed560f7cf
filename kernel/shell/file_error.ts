/** A file could not be used. Commands read the reason from the message, as Node's errors have it. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly path: string;
  /** The reason as a shell gives it, such as `Permission denied`. */
  readonly reason: string;

  constructor(reason: string, operation: string, path: string) {
    super(`${reason}, ${operation} '${path}'`);
    this.path = path;
    const words = reason.replace(/^[A-Z]+: /, "");
    this.reason = words[0]!.toUpperCase() + words.slice(1);
  }
}
