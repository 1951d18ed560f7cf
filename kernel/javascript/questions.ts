/** A question of a cell that waits for its answer. */
interface Question {
  id: string;
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** The user ended the input instead of answering. */
export class EndOfInput extends Error {
  override readonly name = "EOFError";

  constructor() {
    super("the input was ended");
  }
}

/** Nobody answers questions of this execution. */
export class NobodyAnswers extends Error {
  override readonly name = "StdinNotImplementedError";

  constructor() {
    super("input was asked for, but nobody answers questions of this execution");
  }
}

/** The questions of one execution. */
export class Questions {
  readonly #pending = new Map<string, Question>();
  #count = 0;

  /** Begins a question; `report` gets its id. Resolves with the answer. */
  ask(report: (requestId: string) => void): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const id = `${++this.#count}-${crypto.randomUUID()}`;
    this.#pending.set(id, { id, resolve, reject });
    report(id);
    return promise;
  }

  /** Answers a question; null ends the input. Returns false when nobody waits for that answer. */
  answer(id: string, value: string | null): boolean {
    const question = this.#pending.get(id);
    if (!question) return false;
    this.#pending.delete(id);
    if (value === null) question.reject(new EndOfInput());
    else question.resolve(value);
    return true;
  }

  /** Forgets the questions of an execution that is over. */
  clear(): void {
    for (const { reject } of this.#pending.values()) reject(new EndOfInput());
    this.#pending.clear();
  }
}
