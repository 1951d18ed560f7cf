import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "@hono/zod-openapi";
import { KernelError, parseLimits } from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import { keptEndTime, newEndTime } from "../tokens/end_time.ts";
import { Turns } from "../turns/turns.ts";

/** The most links of one server. */
const MAX_LINKS = 1_000;

/** The most viewers that a link can be for. */
const MAX_VIEWERS = 1_000;

/** The settings of a link; what is left out is as the descriptions say. */
export const appSettingsSchema = z.strictObject({
  path: z.string().min(1).max(4_096).openapi({ description: "The notebook that is shown" }),
  viewers: z.int().min(1).max(MAX_VIEWERS).default(10).openapi({
    description: "The most viewers at a time: each has a kernel of its own",
  }),
  memoryMiB: z.int().superRefine(checkMemory).optional().openapi({
    description: "The memory of each viewer's kernel; by default as the settings say",
  }),
  expiresAt: newEndTime,
});

/** The settings of a link. */
export type AppSettings = z.output<typeof appSettingsSchema>;

const linkSchema = appSettingsSchema.extend({
  id: z.string().regex(/^[\w-]{1,64}$/),
  /** The SHA-256 digest of the link's secret, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  expiresAt: keptEndTime,
});

/** A link to the app view of a notebook, without its secret. */
export type AppLink = z.output<typeof linkSchema>;

const fileSchema = z.strictObject({ links: z.array(linkSchema).max(MAX_LINKS) });

/** The links to app views. With a file they outlive the server. */
export class AppLinks {
  readonly #file: string | undefined;
  readonly #turns = new Turns();
  #links: AppLink[] = [];

  /** @throws {TypeError} when the file has something else in it. */
  constructor(file: string | undefined) {
    this.#file = file;
    if (file !== undefined) this.#links = readLinks(file);
  }

  /** Lists the links that are valid. */
  list(): AppLink[] {
    return this.#links.filter(isValid);
  }

  /** Returns the valid link of an id whose secret a client knows. */
  find(id: string, secret: string): AppLink | undefined {
    const sha256 = digestOf(secret);
    return this.list().find((it) => it.id === id && it.sha256 === sha256);
  }

  /**
   * Makes a link; its secret is kept nowhere.
   *
   * @throws {ServiceError} `no_space` when there are too many.
   */
  async create(settings: AppSettings): Promise<{ link: AppLink; secret: string }> {
    if (this.list().length >= MAX_LINKS) {
      throw new ServiceError("no_space", `Cannot make a link: there are ${MAX_LINKS}`);
    }
    const secret = randomBytes(32).toString("base64url");
    const id = randomBytes(9).toString("base64url");
    const createdAt = new Date().toISOString();
    const link = { ...settings, id, sha256: digestOf(secret), createdAt };
    await this.#change((links) => [...links, link]);
    return { link, secret };
  }

  /** Withdraws a link; false when there is none of that id. */
  async withdraw(id: string): Promise<boolean> {
    if (!this.#links.some((it) => it.id === id)) return false;
    await this.#change((links) => links.filter((it) => it.id !== id));
    return true;
  }

  async #change(change: (links: AppLink[]) => AppLink[]): Promise<void> {
    await this.#turns.take("links", async () => {
      const links = change(this.list());
      if (this.#file !== undefined) {
        const draft = `${this.#file}.tmp`;
        await writeFile(draft, `${JSON.stringify({ links }, undefined, 2)}\n`, { mode: 0o600 });
        await rename(draft, this.#file);
      }
      this.#links = links;
    });
  }
}

function readLinks(file: string): AppLink[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return [];
    throw error;
  }
  try {
    return fileSchema.parse(JSON.parse(text)).links;
  } catch (cause) {
    throw new TypeError(`${file} is no file of links to app views`, { cause });
  }
}

/** Refuses an amount of memory that no kernel may have. */
function checkMemory(memoryMiB: number, context: z.RefinementCtx): void {
  try {
    parseLimits({ memoryMiB });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
}

function isValid({ expiresAt }: AppLink): boolean {
  return expiresAt === undefined || Date.parse(expiresAt) > Date.now();
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
