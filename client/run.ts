import { CodeInterpreterError, ConnectionLost, RequestError } from "./errors.ts";
import type { ExecutionEvent } from "./events.ts";
import { Execution, Output } from "./execution.ts";
import { readLines } from "./lines.ts";
import { type Api, dataOf } from "./server.ts";

/** Options of an execution. */
export interface RunOptions {
  /** The code is interrupted after so many milliseconds of running. @default never */
  timeoutMs?: number | undefined;
  /** Interrupts the code; the call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The lines that answer `input()`. */
  stdin?: readonly string[] | undefined;
  /** Called with text that the code writes to stdout. */
  onStdout?: ((text: string) => unknown) | undefined;
  /** Called with text that the code writes to stderr. */
  onStderr?: ((text: string) => unknown) | undefined;
  /** Called with what the code shows. */
  onOutput?: ((output: Output) => unknown) | undefined;
  /** Answers `input()`; null ends the input. */
  onInput?:
    | ((
      prompt: string,
      password: boolean,
    ) => string | null | Promise<string | null>)
    | undefined;
}

/** The milliseconds to wait before each attempt to make a lost connection again. */
const RECONNECTIONS_MS = [100, 500, 1_000, 2_000, 5_000];

/** One execution of a kernel, under an id that is chosen here so that it can be found again. */
export class Run {
  readonly #id = crypto.randomUUID();
  readonly #api: Api;
  readonly #kernelId: string;

  constructor(api: Api, kernelId: string) {
    this.#api = api;
    this.#kernelId = kernelId;
  }

  /** Runs the code, calls the listeners and waits for each of them, and resolves when the code has ended. */
  async follow(code: string, options: RunOptions): Promise<Execution> {
    for await (const event of this.events(code, options)) {
      await this.#tell(event, options);
    }
    return new Execution(
      await dataOf(
        this.#api.GET("/api/executions/{id}", {
          params: { path: { id: this.#id } },
        }),
      ),
    );
  }

  /** Runs the code and yields its events; who stops reading before `done` interrupts the code. */
  async *events(
    code: string,
    options: RunOptions,
  ): AsyncGenerator<ExecutionEvent> {
    const { signal } = options;
    signal?.throwIfAborted();
    let ended = false;
    try {
      for await (const event of this.#connected(code, options)) {
        ended = event.type === "done";
        yield event;
        if (ended) return;
        signal?.throwIfAborted();
      }
    } catch (error) {
      signal?.throwIfAborted();
      ended ||= error instanceof RequestError ||
        error instanceof ConnectionLost;
      throw error;
    } finally {
      if (!ended) await this.#giveUp();
    }
  }

  /** Yields the events until `done`. A connection that breaks is made again after the last event. */
  async *#connected(
    code: string,
    options: RunOptions,
  ): AsyncGenerator<ExecutionEvent> {
    const { signal = null } = options;
    let after = 0;
    let attempts = 0;
    let opening = this.#submit(code, options);
    for (;;) {
      try {
        for await (const event of readEvents(await opening, signal)) {
          attempts = 0;
          if ("seq" in event) after = event.seq;
          yield event;
          if (event.type === "done") return;
        }
        throw new ConnectionLost(
          "The server ended a stream before its execution",
        );
      } catch (error) {
        const wait = RECONNECTIONS_MS[attempts++];
        if (!(error instanceof ConnectionLost) || wait === undefined) {
          throw error;
        }
        await pause(wait, signal);
      }
      opening = this.#reopen(after, signal);
    }
  }

  #submit(code: string, { timeoutMs, signal, stdin, onInput }: RunOptions) {
    return dataOf(this.#api.POST("/api/kernels/{id}/executions", {
      params: { path: { id: this.#kernelId } },
      headers: { Accept: "application/x-ndjson" },
      body: {
        code,
        id: this.#id,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(stdin ? { stdin: [...stdin] } : { allowStdin: onInput !== undefined }),
      },
      parseAs: "stream",
      signal: signal ?? null,
    }));
  }

  #reopen(after: number, signal: AbortSignal | null) {
    return dataOf(this.#api.GET("/api/executions/{id}/events", {
      params: { path: { id: this.#id }, query: { after } },
      headers: { Accept: "application/x-ndjson" },
      parseAs: "stream",
      signal,
    }));
  }

  async #tell(event: ExecutionEvent, options: RunOptions): Promise<void> {
    switch (event.type) {
      case "stream":
        await (event.name === "stdout" ? options.onStdout : options.onStderr)?.(
          event.text,
        );
        break;
      case "display_data":
      case "update_display_data":
      case "execute_result":
        await options.onOutput?.(new Output(event.data, event.metadata));
        break;
      case "input_request": {
        if (!options.onInput) break;
        const value = await options.onInput(event.prompt, event.password);
        await dataOf(this.#api.POST("/api/executions/{id}/input", {
          params: { path: { id: this.#id } },
          body: { value, requestId: event.requestId },
        }));
      }
    }
  }

  async #giveUp(): Promise<void> {
    const params = { path: { id: this.#id } };
    try {
      await dataOf(this.#api.DELETE("/api/executions/{id}", { params }));
    } catch (error) {
      // The caller learns why it stopped; an unreachable server cannot change that.
      if (!(error instanceof CodeInterpreterError)) throw error;
    }
  }
}

async function* readEvents(
  stream: ReadableStream<Uint8Array> | null | undefined,
  signal: AbortSignal | null,
): AsyncGenerator<ExecutionEvent> {
  if (!stream) throw new ConnectionLost("The server answered without events");
  for await (const line of readLines(stream)) {
    signal?.throwIfAborted();
    // The server writes the events that this client describes; its versions are one.
    const event = line as ExecutionEvent | { type: "keepalive" };
    if (event.type !== "keepalive") yield event;
  }
}

async function pause(
  milliseconds: number,
  signal: AbortSignal | null,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end, { once: true });

    function end(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    }
  });
  signal?.throwIfAborted();
}
