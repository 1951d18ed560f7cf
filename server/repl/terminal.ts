import process from "node:process";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** A line that was typed. */
export interface Line {
  text: string;
  /** True when Ctrl-C ended the line. */
  cancelled: boolean;
}

/** The completions of a line: texts that may take the place of its end. */
export interface LineCompletions {
  texts: string[];
  /** The part of the line that they replace. */
  replaced: string;
}

/** Finds the completions of a line up to the cursor. */
export type CompleteLine = (line: string) => Promise<LineCompletions>;

const NO_COMPLETIONS: LineCompletions = { texts: [], replaced: "" };

/** A terminal that prints text and reads lines with editing and history. */
export class Terminal {
  #reading = false;
  #ended = false;
  #cancelled = false;
  #muted = false;
  /** The text of the last line. Drawing a prompt wipes the line, so that its text is made part of the prompt. */
  #lastLine = "";
  readonly #interruptible: boolean;
  readonly #output = new Writable({
    write: (chunk, _encoding, done) => {
      if (!this.#muted) process.stdout.write(chunk);
      done();
    },
  });
  readonly #readline = createInterface({
    input: process.stdin,
    output: Object.defineProperty(this.#output, "columns", { get: () => process.stdout.columns }),
    terminal: true,
    completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
      const found = this.#complete?.(line).catch(() => NO_COMPLETIONS) ?? NO_COMPLETIONS;
      void Promise.resolve(found).then(({ texts, replaced }) => done(null, [texts, replaced]));
    },
  });
  /** Completes the line that is being read; undefined where Tab does nothing. */
  #complete: CompleteLine | undefined;
  readonly #lines = this.#readline[Symbol.asyncIterator]();

  /** Without `onInterrupt`, Ctrl-C ends the program unless a line is being read. */
  constructor(onInterrupt?: () => void) {
    this.#interruptible = onInterrupt !== undefined;
    this.#readline.on("SIGINT", () => {
      onInterrupt?.();
      if (this.#reading) this.#dropLine();
    });
    this.#readline.on("close", () => {
      this.#ended = true;
    });
    this.#readline.on("history", (history: string[]) => {
      if (this.#muted) history.shift();
    });
  }

  /** Prints text. */
  write(text: string): void {
    process.stdout.write(text);
    this.#lastLine = (this.#lastLine + text).split(/[\r\n]/).at(-1) ?? "";
  }

  /** Reads the next line; undefined once the input has ended. */
  async readLine(
    prompt: string,
    options: { secret?: boolean; complete?: CompleteLine } = {},
  ): Promise<Line | undefined> {
    if (this.#ended) return undefined;
    this.#complete = options.complete;
    process.stdin.setRawMode(true);
    this.#reading = true;
    this.#cancelled = false;
    this.#readline.setPrompt(this.#lastLine + prompt);
    this.#readline.prompt();
    this.#muted = options.secret ?? false;
    const { value, done } = await this.#lines.next();
    if (done || options.secret) process.stdout.write("\n");
    this.#muted = false;
    this.#lastLine = "";
    this.#reading = false;
    if (done) return undefined;
    // In raw mode Ctrl-C is a key, which is not read while this thread is busy.
    process.stdin.setRawMode(this.#interruptible);
    return { text: value, cancelled: this.#cancelled };
  }

  #dropLine(): void {
    this.#cancelled = true;
    this.#readline.write(null, { ctrl: true, name: "e" });
    this.#readline.write(null, { ctrl: true, name: "u" });
    this.#readline.write("\n");
  }

  [Symbol.dispose](): void {
    this.#readline.close();
  }
}
