import type { Clock, KernelEvent } from "../../kernel/mod.ts";

/** The time that an installation may take before a person is told of it, in milliseconds. */
const SILENT_MS = 500;
const MEGABYTE = 1e6;

const realTime: Pick<Clock, "after"> = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** Tells a person what a cell installs when that takes its time; the note is not output of the cell. */
export class InstallationNote implements Disposable {
  readonly #write: (text: string) => void;
  readonly #clock: Pick<Clock, "after">;
  /** The sizes of the packages that are being installed and that nobody was told of. */
  readonly #untold = new Map<string, number | null>();
  readonly #told = new Set<string>();
  #timer: Disposable | undefined;
  #late = false;

  /** `write` shows a line. */
  constructor(write: (text: string) => void, clock: Pick<Clock, "after"> = realTime) {
    this.#write = write;
    this.#clock = clock;
  }

  /** Takes an event of the cell. */
  take(event: KernelEvent): void {
    if (event.type !== "package_progress") return;
    const { name, bytes, done } = event;
    if (done) this.#untold.delete(name);
    else if (!this.#told.has(name)) this.#untold.set(name, bytes);
    if (this.#late) return this.#tell();
    this.#timer ??= this.#clock.after(SILENT_MS, () => {
      this.#late = true;
      this.#tell();
    });
  }

  /** The cell has ended. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #tell(): void {
    for (const [name, bytes] of this.#untold) {
      const size = bytes === null ? "" : `, ${(bytes / MEGABYTE).toFixed(1)} MB`;
      this.#write(`Installing ${name}${size}\n`);
      this.#told.add(name);
    }
    this.#untold.clear();
  }
}
