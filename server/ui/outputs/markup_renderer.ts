import type { MarkupRequest } from "./markup.ts";
import type { MarkupReply } from "./markup_worker.ts";

/** The part of `Worker` that is used. */
export type MarkupWorker = Pick<
  Worker,
  "postMessage" | "terminate" | "onmessage" | "onerror"
>;

/** Options for {@linkcode MarkupRenderer}. */
export interface MarkupRendererOptions {
  createWorker: () => MarkupWorker;
  /** The longest time that one document may take, in milliseconds. */
  deadlineMs: number;
}

interface Job {
  request: MarkupRequest;
  resolve: (html: string | null) => void;
}

/**
 * A `MarkupRenderer` renders documents one after the other in a worker. The worker is replaced when a
 * document takes longer than the deadline.
 */
export class MarkupRenderer {
  readonly #options: MarkupRendererOptions;
  readonly #waiting: Job[] = [];
  #worker: MarkupWorker | undefined;
  #isBusy = false;

  constructor(options: MarkupRendererOptions) {
    this.#options = options;
  }

  /** Resolves with unsanitized HTML; null if the document fails or exceeds the deadline. */
  render(request: MarkupRequest): Promise<string | null> {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#waiting.push({ request, resolve });
    this.#next();
    return promise;
  }

  #next(): void {
    if (this.#isBusy) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#isBusy = true;
    const worker = this.#worker ??= this.#options.createWorker();
    const finish = (html: string | null) => {
      clearTimeout(timer);
      worker.onmessage = worker.onerror = null;
      this.#isBusy = false;
      job.resolve(html);
      this.#next();
    };
    const giveUp = () => {
      worker.terminate();
      this.#worker = undefined;
      finish(null);
    };
    const timer = setTimeout(giveUp, this.#options.deadlineMs);
    worker.onmessage = ({ data }: MessageEvent<MarkupReply>) => finish(data.html);
    worker.onerror = giveUp;
    worker.postMessage(job.request);
  }
}
