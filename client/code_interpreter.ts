/// <reference lib="esnext.disposable" preserve="true" />
import { RequestError } from "./errors.ts";
import type { ExecutionEvent } from "./events.ts";
import type { Execution } from "./execution.ts";
import { Files } from "./files.ts";
import type { components } from "./openapi.ts";
import { Run, type RunOptions } from "./run.ts";
import { type Api, connect, dataOf, type ServerOptions } from "./server.ts";

type Kernel = components["schemas"]["Kernel"];

/** Options of {@linkcode CodeInterpreter.start}: the server, and the fields of `POST /api/kernels`. */
export type InterpreterOptions =
  & ServerOptions
  & components["schemas"]["CreateKernel"];

/** A session: a kernel, which keeps its variables and files between runs. */
export class CodeInterpreter implements AsyncDisposable {
  /** The id of the kernel. */
  readonly kernelId: string;
  /** The files of the kernel. */
  readonly files: Files;
  /** The typed requests of the server, for what this class has no method for. */
  readonly api: Api;
  readonly #owned: boolean;

  private constructor(api: Api, kernelId: string, owned: boolean) {
    this.api = api;
    this.kernelId = kernelId;
    this.files = new Files(api, kernelId);
    this.#owned = owned;
  }

  /** Starts a kernel, which `close` ends. */
  static async start(
    options: InterpreterOptions = {},
  ): Promise<CodeInterpreter> {
    const { url, token, ...kernel } = options;
    const api = connect({ url, token });
    const { id } = await dataOf(api.POST("/api/kernels", { body: kernel }));
    return new CodeInterpreter(api, id, true);
  }

  /** Uses a kernel that runs already, which `close` leaves alone. */
  static async join(
    kernelId: string,
    options: ServerOptions = {},
  ): Promise<CodeInterpreter> {
    const api = connect(options);
    await dataOf(
      api.GET("/api/kernels/{id}", { params: { path: { id: kernelId } } }),
    );
    return new CodeInterpreter(api, kernelId, false);
  }

  /** Runs code and resolves when it has ended. An exception in the code is a result: see `Execution.error`. */
  async run(code: string, options: RunOptions = {}): Promise<Execution> {
    return await new Run(this.api, this.kernelId).follow(code, options);
  }

  /** Runs code and yields its events while they come; leaving the loop before the end interrupts the code. */
  stream(
    code: string,
    options: Pick<RunOptions, "timeoutMs" | "signal" | "stdin"> = {},
  ): AsyncGenerator<ExecutionEvent> {
    return new Run(this.api, this.kernelId).events(code, options);
  }

  /** Installs packages, such as `"six==1.16.0"`, and returns the versions of all that are installed. */
  async install(...packages: string[]): Promise<Record<string, string>> {
    return versions(
      await dataOf(this.api.POST("/api/kernels/{id}/packages", {
        params: this.#params,
        body: { packages },
      })),
    );
  }

  /** Returns the installed packages and their versions. */
  async packages(): Promise<Record<string, string>> {
    return versions(
      await dataOf(
        this.api.GET("/api/kernels/{id}/packages", { params: this.#params }),
      ),
    );
  }

  /** Raises KeyboardInterrupt in the code that runs now. */
  async interrupt(): Promise<void> {
    await dataOf(
      this.api.POST("/api/kernels/{id}/interrupt", { params: this.#params }),
    );
  }

  /** Gives the kernel a fresh interpreter, without the variables. */
  async restart(): Promise<void> {
    await dataOf(
      this.api.POST("/api/kernels/{id}/restart", { params: this.#params }),
    );
  }

  /** Returns the kernel's status, limits and permissions. */
  async status(): Promise<Kernel> {
    return await dataOf(
      this.api.GET("/api/kernels/{id}", { params: this.#params }),
    );
  }

  /** Ends the kernel, if `start` has started it. Safe to call again. */
  async close(): Promise<void> {
    if (!this.#owned) return;
    try {
      await dataOf(
        this.api.DELETE("/api/kernels/{id}", { params: this.#params }),
      );
    } catch (error) {
      if (!(error instanceof RequestError && error.status === 404)) throw error; // 404: it has ended.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #params() {
    return { path: { id: this.kernelId } };
  }
}

function versions(
  { packages }: components["schemas"]["InstalledPackages"],
): Record<string, string> {
  return Object.fromEntries(
    packages.map(({ name, version }) => [name, version]),
  );
}
