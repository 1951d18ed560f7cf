import type { InputRequestEvent } from "../../../kernel/mod.ts";
import type { ManagedKernel } from "../kernels/handle.ts";

/** Chooses among the requests of a kernel. */
export interface InputRequestQuery {
  /** Only requests of this execution. */
  executionId?: string | undefined;
  /** Only this request. */
  requestId?: string | undefined;
}

/** The requests of `input()` that wait for a client's answer, in all kernels. */
export class InputRequests {
  /** The oldest first. */
  #requests: InputRequestEvent[] = [];

  /**
   * Takes a request that a client has to answer. An execution waits for one answer at a time: its newest
   * request takes the place of the one before.
   */
  add(request: InputRequestEvent): void {
    const { kernelId, executionId } = request;
    this.#requests = this.#requests.filter((it) =>
      it.kernelId !== kernelId || it.executionId !== executionId
    );
    this.#requests.push(request);
  }

  /** Returns the request of an execution that waits for a client's answer. */
  find(executionId: string, kernelId: string): InputRequestEvent | undefined {
    return this.#requests.find((it) => it.executionId === executionId && it.kernelId === kernelId);
  }

  /** Forgets the requests of an execution that is done. */
  endExecution(executionId: string, kernelId: string): void {
    this.#requests = this.#requests.filter((it) =>
      it.executionId !== executionId || it.kernelId !== kernelId
    );
  }

  /** Forgets the requests of a kernel whose interpreter is gone. */
  endKernel(kernelId: string): void {
    this.#requests = this.#requests.filter((it) => it.kernelId !== kernelId);
  }

  /**
   * Answers the oldest request that fits and that still waits, with null by ending the input; false
   * when there is none.
   */
  async answer(
    kernel: Pick<ManagedKernel, "id" | "answerInput">,
    value: string | null,
    { executionId, requestId }: InputRequestQuery = {},
  ): Promise<boolean> {
    const chosen = requestId !== undefined ? [requestId] : this.#requests
      .filter((it) =>
        it.kernelId === kernel.id && (executionId ?? it.executionId) === it.executionId
      )
      .map((it) => it.requestId);
    for (const id of chosen) {
      // Forgotten first: two answers that come at once must not both go to one request.
      this.#requests = this.#requests.filter((it) => it.requestId !== id);
      if (await kernel.answerInput(id, value)) return true;
    }
    return false;
  }
}
