import { readFile, stat } from "node:fs/promises";
import { ServiceError } from "../../../errors/service_error.ts";
import type { Executions } from "../../executions/executions.ts";
import type { ExecutionOrigin } from "../../executions/record.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import { ownerOf, Scope } from "../../namespaces/scope.ts";
import { Turns } from "../../turns/turns.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { PYTHON_METADATA } from "../format/notebook_kind.ts";
import type { LiveNotebook } from "../live_notebook.ts";
import type { LiveNotebooks } from "../live_notebooks.ts";
import { explained } from "../output_writer.ts";
import { runLiveCell } from "./cell_runner.ts";
import type { CellResults } from "./cell_store.ts";
import { DocumentCells } from "./document_cells.ts";
import { NumberedNotebook } from "./numbered_notebook.ts";

/** The most notebooks of a namespace that are kept whose kernels are gone; the least recently used go first. */
const MAX_NOTEBOOKS = 256;
/** The beginning of the names of the notebooks' files; the id comes after it. */
const FILE_NAME = "jupycell-";
/** The largest list of packages, in bytes. */
const MAX_REQUIREMENTS = 2 ** 20;

/** Options for {@linkcode NumberedNotebooks}. */
export interface NumberedNotebooksInit {
  kernels: Kernels;
  executions: Executions;
  sessions: Sessions;
  /** The notebooks that are open, where new ones are made; undefined: new ones are in memory only. */
  files: LiveNotebooks | undefined;
  /** The path of a list of packages that kernels begin with; it need not exist. */
  requirementsFile: string;
}

/** The services of a namespace. */
export type NumberedNotebooksWithin = Pick<
  NumberedNotebooksInit,
  "kernels" | "executions" | "sessions" | "files"
>;

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

/** A notebook with its kernel. */
interface Open {
  notebook: NumberedNotebook;
  /** The name of the namespace that it belongs to; empty: the server's own. */
  owner: string;
  kernelId: string | undefined;
  /** The file of the notebook, as it is open for everybody; undefined: it is in memory only. */
  file: OpenFile | undefined;
}

/** A notebook's file. */
interface OpenFile {
  live: LiveNotebook;
  cells: DocumentCells;
  /** The services with which it was opened. */
  services: NumberedNotebooksWithin;
  /** Follows the runs of its cells, whoever asks for them, while there is a kernel. */
  following: Disposable | undefined;
}

/**
 * The notebooks whose cells have numbers, each with a kernel of its own. A notebook outlives its kernel: the next
 * run starts another one. On a server that keeps notebooks, it is a file there, which others open and run too,
 * and which outlives the server.
 */
export class NumberedNotebooks implements Disposable {
  readonly #init: NumberedNotebooksInit;
  readonly #scope: Scope;
  /** Those of all views, by id, the least recently used first. */
  readonly #open: Map<number, Open>;
  /** By notebook: a run of several cells is not mixed with another. */
  readonly #turns: Turns;
  readonly #subscriptions: Disposable[] = [];

  constructor(init: NumberedNotebooksInit, of?: NumberedNotebooks, scope = Scope.everything) {
    this.#init = init;
    this.#scope = scope;
    this.#open = of ? of.#open : new Map();
    this.#turns = of ? of.#turns : new Turns();
    if (of) return;
    const forget = (kernelId: string) => {
      for (const { notebook, kernelId: own } of this.#open.values()) {
        if (own === kernelId) notebook.forgetRuns();
      }
    };
    this.#subscriptions.push(
      init.kernels.on("status", ({ kernelId, status }) => {
        if (status === "dead" || status === "restarting") forget(kernelId);
      }),
      init.kernels.onEnd((kernelId) => {
        forget(kernelId);
        for (const open of this.#open.values()) if (open.kernelId === kernelId) stopFollowing(open);
      }),
    );
  }

  /** Returns the notebooks of a namespace, which run in its kernels. The result needs no disposal. */
  within(
    scope: Scope,
    services: NumberedNotebooksWithin,
  ): NumberedNotebooks {
    return new NumberedNotebooks({ ...this.#init, ...services }, this, scope);
  }

  /** Starts a kernel with an empty notebook. */
  async start(): Promise<NumberedNotebook> {
    const kernelId = await this.#startKernel();
    const id = this.#freeId();
    try {
      const file = await this.#makeFile(id, kernelId);
      const notebook = new NumberedNotebook(id, file?.cells);
      const open: Open = { notebook, owner: ownerOf(kernelId), kernelId, file };
      this.#open.set(id, open);
      follow(open);
      await this.#dropUnused();
      return notebook;
    } catch (error) {
      await this.#init.kernels.terminate(kernelId);
      throw error;
    }
  }

  /** Returns the notebook of that id; undefined when there is none. */
  async find(id: number): Promise<NumberedNotebook | undefined> {
    const open = await this.#find(id);
    if (!open) return undefined;
    this.#open.delete(id);
    this.#open.set(id, open);
    return open.notebook;
  }

  /** Returns the path of a notebook's file; undefined: it is in memory only. */
  pathOf({ id }: NumberedNotebook): string | undefined {
    return this.#open.get(id)?.file?.live.path;
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
    for (const it of this.#subscriptions) it[Symbol.dispose]();
    if (this.#subscriptions.length > 0) { for (const it of this.#open.values()) stopFollowing(it); }
  }

  /** Returns a notebook that the scope has: one that was used here, or one of a file. */
  async #find(id: number): Promise<Open | undefined> {
    const present = this.#open.get(id);
    const { namespace } = this.#scope;
    if (present && namespace !== undefined && present.owner !== namespace) return undefined;
    const services = present?.file?.services ?? this.#init;
    if (present && !present.file) return present;
    const path = present?.file?.live.path ?? `${FILE_NAME}${id}.ipynb`;
    // A notebook that nobody has used for a while is opened again, as another document.
    const live = await services.files?.open(path).catch((error) => {
      if (error instanceof ServiceError && error.code === "not_found") return undefined;
      throw error;
    });
    if (!live) {
      if (present) this.#close(present);
      return undefined;
    }
    if (present?.file?.live === live) return present;
    if (present) stopFollowing(present);
    const file: OpenFile = openFile(live, services);
    const open: Open = {
      notebook: new NumberedNotebook(id, file.cells),
      owner: present?.owner ?? namespace ?? "",
      kernelId: undefined,
      file,
    };
    this.#open.set(id, open);
    return open;
  }

  #close(open: Open): void {
    stopFollowing(open);
    this.#open.delete(open.notebook.id);
  }

  /** Makes the file of a new notebook, which has a kernel already; undefined: the server keeps no notebooks. */
  async #makeFile(id: number, kernelId: string): Promise<OpenFile | undefined> {
    const { files, sessions, kernels, executions } = this.#init;
    if (!files) return undefined;
    const live = await files.create(`${FILE_NAME}${id}.ipynb`);
    live.document.setMetadata(PYTHON_METADATA);
    const services = { files, sessions, kernels, executions };
    await openSession(live, services, kernelId);
    return openFile(live, services);
  }

  async #turn<T>(id: number, task: (open: Open) => Promise<T>): Promise<T> {
    return await this.#turns.take(String(id), async () => {
      const open = await this.#find(id);
      if (!open) throw new ServiceError("not_found", `Cannot find notebook ${id}`);
      using _held = open.file?.live.hold();
      return await task(open);
    });
  }

  async #run(open: Open, number: number, origin: ExecutionOrigin): Promise<RunCell> {
    const cell = open.notebook.find(number);
    if (!cell) throw new ServiceError("not_found", `There is no cell ${number}`);
    if (cell.type !== "code") return { number, outputs: [], ok: true };
    if (open.file) return await this.#runInFile(open, open.file, number, origin);
    const { source } = cell;
    const execution = await this.#init.executions.submit(await this.#kernel(open), {
      code: source,
      origin,
    });
    const record = await execution.done;
    const result: CellResults = {
      outputs: explained(record),
      executionCount: record.executionCount,
    };
    open.notebook.ran({ number, source }, result);
    return { number, outputs: result.outputs, ok: record.status === "ok" };
  }

  /** Runs a cell in the notebook that others have open too: it waits for its turn among theirs. */
  async #runInFile(
    open: Open,
    { live, cells, services }: OpenFile,
    number: number,
    origin: ExecutionOrigin,
  ): Promise<RunCell> {
    await this.#fileKernel(open, live, services);
    const { status } = await runLiveCell(live, cells.idOf(number)!, origin);
    const outputs = open.notebook.find(number)?.outputs ?? [];
    return { number, outputs, ok: status === "ok" || status === "skipped" };
  }

  /** Gives the file of a notebook a kernel when it has none, and follows what runs in it. */
  async #fileKernel(
    open: Open,
    live: LiveNotebook,
    services: NumberedNotebooksWithin,
  ): Promise<void> {
    let kernelId = services.sessions.find(live.path)?.kernelId;
    if (kernelId === undefined) {
      const started = await this.#startKernel(open.owner);
      kernelId = await openSession(live, services, started);
      // Somebody else was faster.
      if (kernelId !== started) await this.#init.kernels.terminate(started);
    }
    if (open.kernelId !== kernelId) open.notebook.forgetRuns();
    open.kernelId = kernelId;
    follow(open);
  }

  /** Returns the id of a notebook's kernel, and starts one when it is gone. */
  async #kernel(open: Open): Promise<string> {
    const { kernelId } = open;
    if (kernelId !== undefined && await this.#init.kernels.find(kernelId)) return kernelId;
    open.notebook.forgetRuns();
    return open.kernelId = await this.#startKernel(open.owner);
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

  /** Nobody's notebooks make room for those of another namespace. Files stay, and are opened again. */
  async #dropUnused(): Promise<void> {
    const { namespace = "" } = this.#scope;
    const own = this.#open.values().filter(({ owner }) => owner === namespace).toArray();
    let excess = own.length - MAX_NOTEBOOKS;
    for (const open of own) {
      if (excess <= 0) return;
      if (open.kernelId !== undefined && await this.#init.kernels.find(open.kernelId)) continue;
      this.#close(open);
      excess--;
    }
  }
}

function openFile(live: LiveNotebook, services: NumberedNotebooksWithin): OpenFile {
  return { live, cells: new DocumentCells(live.document), services, following: undefined };
}

/** Opens the session of a notebook with a kernel, and returns the id of the kernel that the notebook has then. */
async function openSession(
  live: LiveNotebook,
  { sessions }: NumberedNotebooksWithin,
  kernelId: string,
): Promise<string> {
  const name = live.path.split("/").at(-1)!;
  const kernel = { id: kernelId };
  await sessions.open({ path: live.path, name, type: "notebook", kernel });
  return await live.kernel();
}

/** Follows the runs of a notebook's cells, also those that others ask for. */
function follow(open: Open): void {
  const { file, notebook } = open;
  if (!file || file.following) return;
  /** The source of each cell that runs, by the cell's id. */
  const running = new Map<string, string>();
  file.following = file.live.subscribe((event) => {
    if (event.type !== "run" || event.status === "queued") return;
    const number = file.cells.numberOf(event.cellId);
    const cell = number === undefined ? undefined : notebook.find(number);
    if (event.status === "running" && cell) running.set(event.cellId, cell.source);
    if (event.status === "running") return;
    const source = running.get(event.cellId);
    running.delete(event.cellId);
    if (cell && source !== undefined) notebook.noteRun(cell.number, source);
  });
}

/** A notebook that is followed stays open. */
function stopFollowing({ file }: Open): void {
  if (!file) return;
  file.following?.[Symbol.dispose]();
  file.following = undefined;
}
