/** The requests to one kernel whose answer, or whose end, somebody waits for. */
export class Pending {
  readonly #waits = new Map<
    string,
    { until: "reply" | "idle"; wait: PromiseWithResolvers<Record<string, unknown>> }
  >();

  /** The ids of the requests that wait. */
  get ids(): string[] {
    return [...this.#waits.keys()];
  }

  /** True while somebody waits for that request. */
  has(id: string): boolean {
    return this.#waits.has(id);
  }

  /** Resolves with the content of the reply to a request. */
  reply(id: string): Promise<Record<string, unknown>> {
    return this.#add(id, "reply");
  }

  /** Resolves when the kernel has dealt with a request that has no reply. */
  async idle(id: string): Promise<void> {
    await this.#add(id, "idle");
  }

  /** Takes the content of a reply. */
  replied(id: string, content: Record<string, unknown>): void {
    this.#resolve(id, content);
  }

  /** Hears that the kernel has dealt with a request. */
  becameIdle(id: string): void {
    if (this.#waits.get(id)?.until === "idle") this.#resolve(id, {});
  }

  /** Ends the waits for these requests, those among them that still wait. */
  reject(ids: readonly string[], error: Error): void {
    for (const id of ids) {
      this.#waits.get(id)?.wait.reject(error);
      this.#waits.delete(id);
    }
  }

  /** Ends every wait. */
  close(error: Error): void {
    this.reject(this.ids, error);
  }

  #add(id: string, until: "reply" | "idle"): Promise<Record<string, unknown>> {
    const wait = Promise.withResolvers<Record<string, unknown>>();
    wait.promise.catch(() => {}); // Its caller may have given up.
    this.#waits.set(id, { until, wait });
    return wait.promise;
  }

  #resolve(id: string, content: Record<string, unknown>): void {
    this.#waits.get(id)?.wait.resolve(content);
    this.#waits.delete(id);
  }
}
