import type { KernelComms, PageComm } from "../comms/kernel_comms.ts";
import { answerHead, ANSWERS, type TablePoints, type TableRows } from "./answers.ts";
import type { PointsRequest, RowsRequest } from "./requests.ts";

/** The target of the kernel that answers, and the member of an output's metadata that names its table. */
export const TABLE_TARGET = "dataframe_table";

/** The longest time between the handling of a request in the kernel and its answer here, in milliseconds. */
const ANSWER_DEADLINE_MS = 10_000;

/** A `GoneError` is thrown for a data frame that no longer exists. */
export class GoneError extends Error {
  override readonly name = "GoneError";
}

const clients = new WeakMap<KernelComms, TableClient>();

/** Returns the client of a kernel. */
export function tablesOf(comms: KernelComms): TableClient {
  const client = clients.get(comms) ?? new TableClient(comms);
  clients.set(comms, client);
  return client;
}

type Answer = unknown;

/** A `TableClient` asks a kernel for parts of the data frames that it has displayed. */
class TableClient {
  readonly #comms: KernelComms;
  readonly #pending = new Map<number, PromiseWithResolvers<Answer>>();
  #comm: Promise<PageComm> | undefined;
  #last = 0;

  constructor(comms: KernelComms) {
    this.#comms = comms;
  }

  /** Fetches rows. Waits for a busy kernel. */
  async rows(table: string, request: RowsRequest): Promise<TableRows> {
    return ANSWERS.rows.parse(await this.#ask({ table, ...request }));
  }

  /** Fetches points for a chart. Waits for a busy kernel. */
  async points(table: string, request: PointsRequest): Promise<TablePoints> {
    return ANSWERS.points.parse(await this.#ask({ table, ...request }));
  }

  /**
   * @throws {GoneError} if the kernel no longer has the data frame.
   */
  async #ask(request: object): Promise<Answer> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<Answer>();
    // An answer may be late for everybody.
    answer.promise.catch(() => {});
    this.#pending.set(id, answer);
    let deadline: ReturnType<typeof setTimeout> | undefined;
    try {
      const comm = await (this.#comm ??= this.#open());
      await comm.send({ data: { id, ...request } });
      deadline = setTimeout(
        () => answer.reject(new Error("The kernel has not answered")),
        ANSWER_DEADLINE_MS,
      );
      return await answer.promise;
    } finally {
      clearTimeout(deadline);
      this.#pending.delete(id);
    }
  }

  #open(): Promise<PageComm> {
    const opening = this.#comms.open(TABLE_TARGET, { data: {} }, {
      onMessage: ({ data }) => this.#take(data),
      onClose: () => this.#close(),
    });
    opening.catch(() => this.#close());
    return opening;
  }

  #take(data: unknown): void {
    const head = answerHead.safeParse(data);
    if (!head.success) return;
    const { id, error, gone } = head.data;
    const pending = this.#pending.get(id);
    if (gone) pending?.reject(new GoneError("The data frame no longer exists"));
    else if (error !== undefined) pending?.reject(new Error(error));
    else pending?.resolve(data);
  }

  /** A kernel that knows no tables, such as one of another server, closes the comm at once. */
  #close(): void {
    this.#comm = undefined;
    for (const { reject } of this.#pending.values()) reject(new GoneError("The kernel has ended"));
  }
}
