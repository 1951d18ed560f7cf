import { type Clock, KernelError } from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import type { Executions } from "../executions/executions.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { kindFor } from "../notebooks/format/notebook_kind.ts";
import { readNotebookJson } from "../notebooks/format/notebook_format.ts";
import type { Notebooks } from "../notebooks/notebooks.ts";
import { type AppLink, AppLinks, type AppSettings } from "./app_links.ts";
import { AppView } from "./app_view.ts";

/** The group of the viewers' kernels; no token's namespace has this name. */
const APP_GROUP = "apps";

/** Options for {@linkcode Apps}. */
export interface AppsInit {
  notebooks: Notebooks | undefined;
  kernels: Kernels;
  executions: Executions;
  clock: Clock;
  /** The file in which the links are kept; undefined: they end with the server. */
  file: string | undefined;
}

/** The app views of notebooks: the links to them, and what their viewers see now. */
export class Apps implements AsyncDisposable {
  readonly links: AppLinks;
  readonly #init: AppsInit;
  /** Those that run, by the ids of their kernels. */
  readonly #views = new Map<string, AppView>();
  /** The number of views of each link that are starting. */
  readonly #starting = new Map<string, number>();

  constructor(init: AppsInit) {
    this.#init = init;
    this.links = new AppLinks(init.file);
  }

  /**
   * Makes a link to the app view of a notebook.
   *
   * @throws {ServiceError} `not_found` when there is no such notebook, or the server keeps none.
   */
  async create(settings: AppSettings): Promise<{ link: AppLink; secret: string }> {
    await this.#read(settings.path);
    return await this.links.create(settings);
  }

  /** Withdraws a link, and ends what its viewers see; false when there is none of that id. */
  async withdraw(id: string): Promise<boolean> {
    const isWithdrawn = await this.links.withdraw(id);
    await this.#endViews(({ linkId }) => linkId === id);
    return isWithdrawn;
  }

  /** Returns the number of viewers of a link. */
  viewersOf({ id }: AppLink): number {
    return this.#viewsOf(id).length + (this.#starting.get(id) ?? 0);
  }

  /**
   * Starts a view with a kernel of its own.
   *
   * @throws {KernelError} `limit_exceeded` when there are as many viewers as the link is for.
   */
  async open(link: AppLink): Promise<AppView> {
    if (this.viewersOf(link) >= link.viewers) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot show the notebook: ${link.viewers} viewers are there; try again later`,
      );
    }
    this.#starting.set(link.id, (this.#starting.get(link.id) ?? 0) + 1);
    try {
      return await this.#open(link);
    } finally {
      this.#starting.set(link.id, this.#starting.get(link.id)! - 1);
    }
  }

  /** Returns the view of a link by its id. */
  find({ id }: AppLink, viewId: string): AppView | undefined {
    return this.#viewsOf(id).find((it) => it.id === viewId);
  }

  /** Returns the view of a link that has a kernel. */
  findByKernel({ id }: AppLink, kernelId: string): AppView | undefined {
    const view = this.#views.get(kernelId);
    return view?.linkId === id ? view : undefined;
  }

  /** Returns the view of a link that has an execution. */
  findByExecution({ id }: AppLink, executionId: string): AppView | undefined {
    return this.#viewsOf(id).find((it) => it.hasExecution(executionId));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endViews(() => true);
  }

  async #open(link: AppLink): Promise<AppView> {
    const { kernels, executions, clock } = this.#init;
    const notebook = await this.#read(link.path);
    const { id } = await kernels.start({
      kind: kindFor(notebook.metadata, kernels.kinds.list())?.name,
      options: {
        namespace: APP_GROUP,
        ...(link.memoryMiB !== undefined && { limits: { memoryMiB: link.memoryMiB } }),
      },
    });
    const view = new AppView({
      linkId: link.id,
      title: link.path.split("/").at(-1)!.replace(/\.ipynb$/, ""),
      notebook,
      kernelId: id,
      kernels,
      executions,
      clock,
      onEnd: () => this.#views.delete(id),
    });
    this.#views.set(id, view);
    // Somebody may have withdrawn the link meanwhile.
    if (!this.links.list().some((it) => it.id === link.id)) await view[Symbol.asyncDispose]();
    return view;
  }

  async #read(path: string) {
    const { notebooks } = this.#init;
    if (!notebooks) throw new ServiceError("not_found", "This server keeps no notebooks");
    const { text } = await notebooks.read(path);
    try {
      return readNotebookJson(JSON.parse(text));
    } catch (cause) {
      const message = `Cannot show "${path}": it is not a notebook`;
      throw new ServiceError("invalid_argument", message, { cause });
    }
  }

  #viewsOf(linkId: string): AppView[] {
    return [...this.#views.values()].filter((it) => it.linkId === linkId);
  }

  async #endViews(isMeant: (view: AppView) => boolean): Promise<void> {
    const views = [...this.#views.values()].filter(isMeant);
    await Promise.all(views.map((it) => it[Symbol.asyncDispose]()));
  }
}
