import { ExecutionError } from "./errors.ts";
import type { MimeBundle } from "./events.ts";
import type { components } from "./openapi.ts";

type ExecutionRecord = components["schemas"]["Execution"];

const BINARY = /^(image\/(?!svg)|audio\/|video\/|application\/(pdf|octet-stream)$)/;

/** Something that code showed: its forms by MIME type, as in the notebook format. */
export class Output {
  constructor(
    /** The forms by MIME type; those that are binary are in Base64. */
    readonly data: MimeBundle,
    /** Facts about the forms. */
    readonly metadata: Record<string, unknown> = {},
  ) {}

  /** The plain text, or an empty string. */
  get text(): string {
    return String(this.data["text/plain"] ?? "");
  }

  /** The HTML, if there is any. */
  get html(): string | undefined {
    const html = this.data["text/html"];
    return html === undefined ? undefined : String(html);
  }

  /** The bytes of the PNG image, if there is one. */
  get png(): Uint8Array | undefined {
    return this.bytes("image/png");
  }

  /** Returns one form as bytes, text as UTF-8; undefined when there is no such form. */
  bytes(mime: string): Uint8Array | undefined {
    const value = this.data[mime];
    if (value === undefined) return undefined;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (!BINARY.test(mime)) return new TextEncoder().encode(text);
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  }
}

/** One cell that ran: what it wrote, what it showed, and how it ended. */
export class Execution {
  constructor(
    /** The record of the execution, as the HTTP API answers with it. */
    readonly record: ExecutionRecord,
  ) {}

  /** The id of the execution. */
  get id(): string {
    return this.record.id;
  }

  /** The outcome: `ok`, `error`, `aborted`, `timeout` or `lost`. */
  get status(): ExecutionRecord["status"] {
    return this.record.status;
  }

  /** True when the code ran to its end. */
  get ok(): boolean {
    return this.status === "ok";
  }

  /** The text that the code wrote to stdout. */
  get stdout(): string {
    return this.#stream("stdout");
  }

  /** The text that the code wrote to stderr. */
  get stderr(): string {
    return this.#stream("stderr");
  }

  /** The outputs that the code displayed, and last the value of its last expression. */
  get outputs(): Output[] {
    return this.record.outputs.flatMap((output) => {
      const { output_type: type, data, metadata } = output as {
        output_type: string;
        data?: MimeBundle;
        metadata?: Record<string, unknown>;
      };
      return data && (type === "display_data" || type === "execute_result")
        ? [new Output(data, metadata)]
        : [];
    });
  }

  /** The value of the last expression, if it has one. */
  get result(): Output | undefined {
    const { result } = this.record;
    return result ? new Output(result.data, result.metadata) : undefined;
  }

  /** The plain text of the result, or an empty string. */
  get text(): string {
    return this.result?.text ?? "";
  }

  /** The exception that ended the code. */
  get error(): ExecutionRecord["error"] {
    return this.record.error;
  }

  /** The exception in one line, or an empty string. */
  get errorText(): string {
    return this.error ? [this.error.ename, this.error.evalue].filter(Boolean).join(": ") : "";
  }

  /** Returns this execution if it ended well. @throws {ExecutionError} if it did not. */
  orThrow(): this {
    if (!this.ok) throw new ExecutionError(this);
    return this;
  }

  #stream(wanted: string): string {
    return this.record.outputs.map((output) => {
      const { output_type: type, name, text } = output as {
        output_type: string;
        name?: string;
        text?: string;
      };
      return type === "stream" && name === wanted ? text ?? "" : "";
    }).join("");
  }
}
