import type { components } from "./openapi.ts";
import { type Api, dataOf } from "./server.ts";

/** A file or directory. */
export type FileEntry = components["schemas"]["FileEntry"];
/** A file, or a directory with its entries. */
export type FileListing = components["schemas"]["FileListing"];

/** The files of a kernel. Paths are absolute, or start from the working directory of its code. */
export class Files {
  readonly #api: Api;
  readonly #path: { id: string };

  constructor(api: Api, kernelId: string) {
    this.#api = api;
    this.#path = { id: kernelId };
  }

  /** Lists a directory. */
  async list(path = "."): Promise<FileEntry[]> {
    return (await this.stat(path)).entries ?? [];
  }

  /** Describes a file, or a directory with its entries. */
  async stat(path: string): Promise<FileListing> {
    const params = { path: this.#path, query: { path } };
    return await dataOf(this.#api.GET("/api/kernels/{id}/files", { params }));
  }

  /** Returns the content of a file. */
  async read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const params = { path: this.#path, query: { path } };
    const bytes = await dataOf(
      this.#api.GET("/api/kernels/{id}/files/content", {
        params,
        parseAs: "arrayBuffer",
      }),
    );
    return new Uint8Array(bytes);
  }

  /** Returns the content of a file, which is read as UTF-8. */
  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.read(path));
  }

  /** Writes a file; text is written as UTF-8. */
  async write(
    path: string,
    content: string | Uint8Array<ArrayBuffer> | Blob,
  ): Promise<FileEntry> {
    return await dataOf(this.#api.PUT("/api/kernels/{id}/files/content", {
      params: { path: this.#path, query: { path } },
      headers: { "Content-Type": "application/octet-stream" },
      // The description of the API has no better type for bytes.
      body: content as string,
      bodySerializer: (bytes) => bytes,
    }));
  }

  /** Makes a directory. */
  async makeDirectory(path: string): Promise<FileEntry> {
    return await dataOf(this.#api.POST("/api/kernels/{id}/files", {
      params: { path: this.#path },
      body: { path, type: "directory" },
    }));
  }

  /** Renames or moves a file or directory. */
  async rename(path: string, newPath: string): Promise<FileEntry> {
    return await dataOf(this.#api.PATCH("/api/kernels/{id}/files", {
      params: { path: this.#path, query: { path } },
      body: { path: newPath },
    }));
  }

  /** Removes a file, or a directory, which must be empty unless `recursive` is true. */
  async remove(path: string, { recursive = false } = {}): Promise<void> {
    const query = {
      path,
      recursive: recursive ? "true" as const : "false" as const,
    };
    await dataOf(this.#api.DELETE("/api/kernels/{id}/files", {
      params: { path: this.#path, query },
    }));
  }
}
