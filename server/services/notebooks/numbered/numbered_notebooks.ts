import { readFile, stat } from "node:fs/promises";
import { ServiceError } from "../../../errors/service_error.ts";
import type { Executions } from "../../executions/executions.ts";
import type { ExecutionOrigin } from "../../executions/record.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import { ownerOf, Scope } from "../../namespaces/scope.ts";
import { Turns } from "../../turns/turns.ts";
import { explained } from "../output_writer.ts";
import { type NumberedCell, NumberedNotebook } from "./numbered_notebook.ts";

/** The most notebooks of a namespace that are kept whose kernels are gone; the least recently used go first. */
const MAX_NOTEBOOKS = 256;
/** The largest list of packages, in bytes. */
const MAX_REQUIREMENTS = 2 ** 20;

/** Options for {@linkcode NumberedNotebooks}. */
export interface NumberedNotebooksInit {
  kernels: Kernels;
  executions: Executions;
  /** The path of a list of packages that kernels begin with; it need not exist. */
  requirementsFile: string;
}

/** A cell that was run. */
export interface RunCell {
  number: number;
  outputs: unknown[];
  /** True when the cell ran to its end. */
  ok: boolean;
}

/** The outcome of a run of a cell with its dependencies. */
export interface DependentRun {
  /** The cells that were run, in their order. A failure ends the run. */
  ran: RunCell[];
  /** The cells that need each other, by their numbers. */
  cycles: number[][];
  /** The names that several cells define. */
  redefinitions: { name: string; cells: number[] }[];
}

/** An open notebook with its kernel. */
interface Open {
  notebook: NumberedNotebook;
  kernelId: string;
}

/**
 * The notebooks without files, each with a kernel of its own. A notebook outlives its kernel: the next run
 * starts another one.
 */
export class NumberedNotebooks implements Disposable {
  readonly #init: NumberedNotebooksInit;
  readonly #scope: Scope;
  /** Those of all views, by id, the least recently used first. */
  readonly #open: Map<number, Open>;
  /** By notebook: a run of several cells is not mixed with another. */
  readonly #turns: Turns;
  readonly #subscription: Disposable | undefined;

  constructor(init: NumberedNotebooksInit, of?: NumberedNotebooks, scope = Scope.everything) {
    this.#init = init;
    this.#scope = scope;
    this.#open = of ? of.#open : new Map();
    this.#turns = of ? of.#turns : new Turns();
    if (of) return;
    this.#subscription = init.kernels.on("status", ({ kernelId, status }) => {
      if (status !== "dead" && status !== "restarting") return;
      for (const { notebook, kernelId: own } of this.#open.values()) {
        if (own === kernelId) notebook.forgetRuns();
      }
    });
  }

  /** Returns the notebooks of a namespace, which run in its kernels. The result needs no disposal. */
  within(
    scope: Scope,
    { kernels, executions }: Pick<NumberedNotebooksInit, "kernels" | "executions">,
  ): NumberedNotebooks {
    return new NumberedNotebooks({ ...this.#init, kernels, executions }, this, scope);
  }

  /** Starts a kernel with an empty notebook. */
  async start(): Promise<NumberedNotebook> {
    const kernelId = await this.#startKernel();
    const notebook = new NumberedNotebook(this.#freeId());
    this.#open.set(notebook.id, { notebook, kernelId });
    await this.#dropUnused();
    return notebook;
  }

  /** Returns the notebook of that id; undefined when there is none. */
  find(id: number): NumberedNotebook | undefined {
    const open = this.#find(id);
    if (!open) return undefined;
    this.#open.delete(id);
    this.#open.set(id, open);
    return open.notebook;
  }

  /**
   * Runs a cell.
   *
   * @throws {ServiceError} `not_found`.
   */
  async run(id: number, number: number, origin: ExecutionOrigin): Promise<RunCell> {
    return await this.#turn(id, (open) => this.#run(open, number, origin));
  }

  /** Runs all cells in the order of their numbers, also after one has failed. */
  async runAll(id: number, origin: ExecutionOrigin): Promise<RunCell[]> {
    return await this.#turn(id, async (open) => {
      const ran: RunCell[] = [];
      for (const { number } of open.notebook.cells) {
        if (open.notebook.find(number)) ran.push(await this.#run(open, number, origin));
      }
      return ran;
    });
  }

  /**
   * Runs a cell with what its dependencies ask for; see `NumberedNotebook.plan`.
   *
   * @throws {ServiceError} `not_found`.
   */
  async runDependent(id: number, number: number, origin: ExecutionOrigin): Promise<DependentRun> {
    return await this.#turn(id, async (open) => {
      const { numbers, dependencies } = open.notebook.plan(number);
      const ran: RunCell[] = [];
      for (const next of numbers) {
        ran.push(await this.#run(open, next, origin));
        // A cell that depends on one that failed would show the values of before.
        if (!ran.at(-1)!.ok) break;
      }
      return {
        ran,
        cycles: dependencies.cycles.map((ids) => ids.map(Number)),
        redefinitions: dependencies.redefinitions.map(({ name, cells }) => ({
          name,
          cells: cells.map(Number),
        })),
      };
    });
  }

  [Symbol.dispose](): void {
    this.#subscription?.[Symbol.dispose]();
  }

  /** Returns a notebook that the scope has; a notebook belongs to the owner of its kernel. */
  #find(id: number): Open | undefined {
    const open = this.#open.get(id);
    return open && this.#scope.has(open.kernelId) ? open : undefined;
  }

  async #turn<T>(id: number, task: (open: Open) => Promise<T>): Promise<T> {
    return await this.#turns.take(String(id), async () => {
      const open = this.#find(id);
      if (!open) throw new ServiceError("not_found", `Cannot find notebook ${id}`);
      return await task(open);
    });
  }

  async #run(open: Open, number: number, origin: ExecutionOrigin): Promise<RunCell> {
    const cell = open.notebook.find(number);
    if (!cell) throw new ServiceError("not_found", `There is no cell ${number}`);
    if (cell.type !== "code") return { number, outputs: [], ok: true };
    const { source } = cell;
    const execution = await this.#init.executions.submit(await this.#kernel(open), {
      code: source,
      origin,
    });
    const record = await execution.done;
    const result: Pick<NumberedCell, "outputs" | "executionCount"> = {
      outputs: explained(record),
      executionCount: record.executionCount,
    };
    open.notebook.ran({ number, source }, result);
    return { number, outputs: result.outputs, ok: record.status === "ok" };
  }

  /** Returns the id of a notebook's kernel, and starts one when it is gone. */
  async #kernel(open: Open): Promise<string> {
    if (!await this.#init.kernels.find(open.kernelId)) {
      open.kernelId = await this.#startKernel(ownerOf(open.kernelId));
      open.notebook.forgetRuns();
    }
    return open.kernelId;
  }

  /** Starts a kernel; a notebook stays in the namespace to which its former kernel belonged. */
  async #startKernel(namespace = ""): Promise<string> {
    const { kernels } = this.#init;
    const requirements = await this.#requirements();
    const kernel = await kernels.start({
      autoRestart: true,
      ...(namespace !== "" && { options: { namespace } }),
    });
    if (requirements.trim() === "") return kernel.id;
    try {
      await kernel.installPackages(requirements);
    } catch (error) {
      await kernels.terminate(kernel.id);
      throw error;
    }
    return kernel.id;
  }

  async #requirements(): Promise<string> {
    const path = this.#init.requirementsFile;
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return "";
    if (found.size <= MAX_REQUIREMENTS) return await readFile(path, "utf8");
    throw new ServiceError("no_space", `${path} is larger than ${MAX_REQUIREMENTS} bytes`);
  }

  /** Returns an id that nobody can have from before this server's start. */
  #freeId(): number {
    for (;;) {
      const id = 100_000_000 + crypto.getRandomValues(new Uint32Array(1))[0]! % 900_000_000;
      if (!this.#open.has(id)) return id;
    }
  }

  /** Nobody's notebooks make room for those of another namespace. */
  async #dropUnused(): Promise<void> {
    const { namespace = "" } = this.#scope;
    const own = [...this.#open].filter(([, { kernelId }]) => ownerOf(kernelId) === namespace);
    let excess = own.length - MAX_NOTEBOOKS;
    for (const [id, { kernelId }] of own) {
      if (excess <= 0) return;
      if (await this.#init.kernels.find(kernelId)) continue;
      this.#open.delete(id);
      excess--;
    }
  }
}
