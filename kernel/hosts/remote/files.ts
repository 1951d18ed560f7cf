import { z } from "npm:zod@4.6.7";
import type { Answer, CallArguments, CallReplies, FileMethod } from "../../calls/methods.ts";
import type { FileEntry } from "../../calls/replies.ts";
import { KernelError } from "../../errors.ts";
import { joinedBytes } from "../../joined_bytes.ts";
import type { JupyterRest } from "./rest.ts";

/** The largest file that is read or written, in bytes: the contents API carries a file in one piece. */
const MAX_FILE_BYTES = 256 * 2 ** 20;
/** The largest answer with a file in it, in bytes: base64 takes four bytes for three. */
const MAX_ANSWER_BYTES = 384 * 2 ** 20;

const model = z.object({
  name: z.string(),
  path: z.string(),
  type: z.string(),
  last_modified: z.string().nullish(),
  size: z.number().nullish(),
  writable: z.boolean().nullish(),
});
const directory = model.extend({ content: z.array(model) });
const file = model.extend({ content: z.string(), format: z.string().nullish() });

/** A file that is being written: nothing of it is on the server before it is complete. */
interface Draft {
  path: string;
  parts: Uint8Array[];
  bytes: number;
}

/**
 * The files below the root directory of a Jupyter server, through its contents API. Paths are absolute
 * from there: "/" is that directory.
 */
export class RemoteFiles {
  readonly #rest: JupyterRest;
  /** The file that was read last, because it comes as a whole and is asked for in pieces. */
  #read: { key: string; bytes: Uint8Array<ArrayBuffer> } | undefined;
  readonly #drafts = new Map<string, Draft>();

  constructor(rest: JupyterRest) {
    this.#rest = rest;
  }

  /** Answers one of the calls about files. */
  async call<M extends FileMethod>(
    method: M,
    args: CallArguments[M],
    buffers: readonly Uint8Array[],
  ): Promise<Answer<CallReplies[M]>> {
    const answer = this.#answers[method] as (
      args: CallArguments[M],
      buffers: readonly Uint8Array[],
    ) => Promise<Partial<Answer<CallReplies[M]>>>;
    const { value = {}, buffers: bytes = [] } = await answer(args, buffers);
    return { value: value as CallReplies[M], buffers: bytes };
  }

  readonly #answers: {
    [M in FileMethod]: (
      args: CallArguments[M],
      buffers: readonly Uint8Array[],
    ) => Promise<Partial<Answer<CallReplies[M]>>>;
  } = {
    fileStat: async ({ path }) => ({ value: await this.#stat(path) }),
    fileList: async ({ path }) => {
      if ((await this.#stat(path)).type !== "directory") {
        throw new KernelError("invalid_argument", `Cannot list "${path}": it is no directory`);
      }
      const { content } = await this.#ask(path, { content: "1", type: "directory" }, directory);
      const entries = content.map(entryOf);
      entries.sort((a, b) =>
        Number(b.type === "directory") - Number(a.type === "directory") ||
        (a.name < b.name ? -1 : 1)
      );
      return { value: { entries } };
    },
    fileRead: async ({ path, offset, length }) => {
      const bytes = offset === 0 ? await this.#load(path) : await this.#loaded(path);
      return { buffers: [bytes.slice(offset, offset + length)] };
    },
    fileCreate: async ({ path }) => {
      const exists = await this.#exists(path);
      const temporary = `${crypto.randomUUID()}.part`;
      this.#drafts.set(temporary, { path, parts: [], bytes: 0 });
      return { value: { temporary, exists } };
    },
    fileAppend: ({ path, offset }, buffers) => {
      const draft = this.#draft(path);
      if (offset !== draft.bytes) {
        throw new KernelError("invalid_argument", `Cannot write at ${offset}: parts come in order`);
      }
      for (const part of buffers) {
        draft.bytes += part.length;
        if (draft.bytes > MAX_FILE_BYTES) {
          throw new KernelError(
            "limit_exceeded",
            `Cannot write "${draft.path}": a file on another server has at most ${MAX_FILE_BYTES} bytes`,
          );
        }
        draft.parts.push(part.slice());
      }
      return Promise.resolve({});
    },
    fileMakeDirectory: async ({ path }) => {
      if (await this.#exists(path)) {
        throw new KernelError("already_exists", `Cannot make "${path}": it exists`);
      }
      await this.#makeParents(path);
      return { value: await this.#put(path, { type: "directory" }) };
    },
    fileRename: async ({ from, to, replace }) => {
      const draft = this.#drafts.get(from);
      if (draft) return { value: await this.#finish(from, draft, to) };
      if (!replace && await this.#exists(to)) {
        throw new KernelError("already_exists", `Cannot rename "${from}": "${to}" exists`);
      }
      const request = { method: "PATCH", path: contents(from), body: { path: toApi(to) } } as const;
      return { value: entryOf(await this.#rest.ask(request, model)) };
    },
    fileRemove: async ({ path, recursive }) => {
      if (this.#drafts.delete(path)) return {};
      const entry = await this.#stat(path);
      if (entry.type === "directory" && !recursive) {
        const { content } = await this.#ask(path, { content: "1", type: "directory" }, directory);
        if (content.length > 0) {
          throw new KernelError("invalid_argument", `Cannot remove "${path}": it is not empty`);
        }
      }
      await this.#rest.tell({ method: "DELETE", path: contents(path) });
      return {};
    },
  };

  async #stat(path: string): Promise<FileEntry> {
    try {
      return entryOf(await this.#ask(path, { content: "0" }, model));
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== "not_found") throw error;
      throw new KernelError("not_found", `Cannot find "${path}": no such file or directory`);
    }
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await this.#stat(path);
      return true;
    } catch (error) {
      if (error instanceof KernelError && error.code === "not_found") return false;
      throw error;
    }
  }

  async #load(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = await this.#stat(path);
    if (entry.size > MAX_FILE_BYTES) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot read "${path}": a file on another server has at most ${MAX_FILE_BYTES} bytes`,
      );
    }
    const { content, format } = await this.#rest.ask({
      path: contents(path),
      query: { content: "1", type: "file", format: "base64" },
      maxBytes: MAX_ANSWER_BYTES,
    }, file);
    const bytes = format === "base64" ? bytesOf(content) : new TextEncoder().encode(content);
    this.#read = { key: path, bytes };
    return bytes;
  }

  async #loaded(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#read?.key === path ? this.#read.bytes : await this.#load(path);
    return bytes;
  }

  async #finish(temporary: string, draft: Draft, to: string): Promise<FileEntry> {
    await this.#makeParents(to);
    const body = { type: "file", format: "base64", content: joinedBytes(draft.parts).toBase64() };
    const entry = await this.#put(to, body);
    this.#drafts.delete(temporary);
    if (this.#read?.key === to) this.#read = undefined;
    return entry;
  }

  async #makeParents(path: string): Promise<void> {
    const parts = toApi(path).split("/").slice(0, -1);
    for (let count = 1; count <= parts.length; count++) {
      const parent = parts.slice(0, count).join("/");
      if (!await this.#exists(parent)) await this.#put(parent, { type: "directory" });
    }
  }

  async #put(path: string, body: Record<string, string>): Promise<FileEntry> {
    return entryOf(await this.#rest.ask({ method: "PUT", path: contents(path), body }, model));
  }

  async #ask<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    return await this.#rest.ask({ path: contents(path), query }, schema);
  }

  #draft(path: string): Draft {
    const draft = this.#drafts.get(path);
    if (draft) return draft;
    throw new KernelError("not_found", `Cannot write "${path}": it is not being written`);
  }
}

/** Returns the bytes of a base64 text. */
function bytesOf(content: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(content.replace(/\s/g, ""));
  } catch (cause) {
    throw new KernelError("protocol_violation", "Cannot read: the server sends no base64", {
      cause,
    });
  }
}

/** Returns the path in the contents API, which is relative to the server's root. */
function toApi(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw new KernelError("invalid_argument", `Cannot use "${path}": ".." is not allowed`);
  }
  return parts.join("/");
}

function contents(path: string): string[] {
  const parts = toApi(path).split("/").filter((part) => part !== "");
  return ["api", "contents", ...parts];
}

function entryOf(
  { name, path, type, size, last_modified, writable }: z.infer<typeof model>,
): FileEntry {
  return {
    name,
    path: `/${path}`,
    // A notebook is a file of its own type there.
    type: type === "directory" ? "directory" : "file",
    size: size ?? 0,
    modified: last_modified ?? new Date(0).toISOString(),
    writable: writable ?? false,
  };
}
