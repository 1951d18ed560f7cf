import { Buffer } from "node:buffer";
import { HttpError } from "../../errors/http_error.ts";
import type { LiveExecution } from "../../services/executions/live_execution.ts";
import { commandEvents, killedEvent } from "./command_events.ts";

/** The most bytes that a command gets as its input. */
const MAX_INPUT_BYTES = 16 * 2 ** 20;

/** Options for {@linkcode Process}. */
export interface ProcessInit<Config> {
  pid: number;
  tag: string | undefined;
  /** The request, as lists of processes show it. */
  config: Config;
  /** Submits the command with its whole input. */
  submit(input: Uint8Array): Promise<LiveExecution>;
}

/** A command that waits or runs. One that has an input runs once its input is closed: the shell reads it as a whole. */
export class Process<Config = unknown> {
  readonly pid: number;
  readonly tag: string | undefined;
  readonly config: Config;
  /** Resolves when nothing of the command is left to wait for. */
  readonly ended: Promise<void>;
  readonly #submit: ProcessInit<Config>["submit"];
  readonly #running = Promise.withResolvers<LiveExecution | undefined>();
  #input: Uint8Array[] | undefined = [];
  #inputBytes = 0;

  constructor({ pid, tag, config, submit }: ProcessInit<Config>) {
    this.pid = pid;
    this.tag = tag;
    this.config = config;
    this.#submit = submit;
    this.ended = this.#running.promise.then(async (it) => void await it?.done, () => {});
  }

  /**
   * Adds to the input.
   *
   * @throws {HttpError} when the input is closed, or too long.
   */
  write(data: Uint8Array): void {
    const input = this.#openInput();
    this.#inputBytes += data.length;
    if (this.#inputBytes > MAX_INPUT_BYTES) {
      throw new HttpError(
        413,
        "payload_too_large",
        `Cannot write to process ${this.pid}: its input has ${MAX_INPUT_BYTES} bytes at most`,
      );
    }
    input.push(data);
  }

  /**
   * Closes the input, and puts the command into the queue of its kernel.
   *
   * @throws {HttpError} when the input is closed; otherwise what `submit` throws.
   */
  async closeInput(): Promise<void> {
    const input = Buffer.concat(this.#openInput());
    this.#input = undefined;
    try {
      this.#running.resolve(await this.#submit(input));
    } catch (error) {
      this.#running.reject(error);
      throw error;
    }
  }

  /** Ends the command, wherever it is. */
  async kill(): Promise<void> {
    this.#input = undefined;
    this.#running.resolve(undefined); // Without effect when it runs.
    await (await this.#running.promise)?.cancel();
  }

  /** Yields E2B's events of the command from its beginning until its end, or until the signal aborts. */
  async *follow(signal: AbortSignal): AsyncGenerator<unknown> {
    yield { event: { start: { pid: this.pid } } };
    const execution = await this.#started(signal);
    if (signal.aborted) return;
    if (execution) yield* commandEvents(execution.follow({ signal }));
    else yield killedEvent("signal: killed");
  }

  async #started(signal: AbortSignal): Promise<LiveExecution | undefined> {
    const { promise: left, resolve } = Promise.withResolvers<undefined>();
    const leave = () => resolve(undefined);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([this.#running.promise, left]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #openInput(): Uint8Array[] {
    if (this.#input) return this.#input;
    throw new HttpError(
      400,
      "invalid_argument",
      `Cannot write to process ${this.pid}: its input is closed; start it with stdin to write to it`,
    );
  }
}
