/** `Deno.jupyter`, as Deno's own Jupyter kernel has it. */
import type { MimeBundle } from "../events.ts";
import { DISPLAY, formatValue, imageOf, toBundle } from "./formats.ts";

/** Receives what cells display. */
export interface DisplaySink {
  /** Shows a bundle; with an `update`, in place of what was shown with the same id. */
  display(shown: {
    data: MimeBundle;
    metadata: Record<string, unknown>;
    displayId: string | undefined;
    update: boolean;
  }): void;
  /** Clears what the cell has shown; with `wait`, when it next shows something. */
  clear(wait: boolean): void;
  /** Sends a message on a comm. */
  comm(
    type: "comm_open" | "comm_msg" | "comm_close",
    content: Record<string, unknown>,
    metadata: Record<string, unknown>,
    buffers: Uint8Array[],
  ): void;
  /** Reads a file of the kernel. */
  readFile(path: string): Uint8Array;
}

/** Options of `Deno.jupyter.display`. */
interface DisplayOptions {
  /** The value is a bundle already. */
  raw?: boolean;
  update?: boolean;
  display_id?: string;
}

/** An object that is displayed as a bundle. */
type Displayable = { [DISPLAY](): MimeBundle };

/** Makes the object for the cells of one kernel. */
export function jupyterApi(sink: DisplaySink): Record<string, unknown> {
  async function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
    const data = options.raw ? toBundle(value) : await formatValue(value);
    sink.display({
      data,
      metadata: {},
      displayId: options.display_id,
      update: options.update ?? false,
    });
  }

  function broadcast(
    type: string,
    content: Record<string, unknown>,
    { metadata = {}, buffers = [] }: {
      metadata?: Record<string, unknown>;
      buffers?: Uint8Array[];
    } = {},
  ): Promise<void> {
    switch (type) {
      case "display_data":
      case "update_display_data": {
        const transient = content["transient"] as { display_id?: string } | undefined;
        sink.display({
          data: toBundle(content["data"] ?? {}),
          metadata: (content["metadata"] ?? {}) as Record<string, unknown>,
          displayId: transient?.display_id,
          update: type === "update_display_data",
        });
        break;
      }
      case "clear_output":
        sink.clear(content["wait"] === true);
        break;
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        sink.comm(type, content, metadata, buffers);
        break;
      default:
        return Promise.reject(new TypeError(`Cannot broadcast "${type}": no kernel sends it so`));
    }
    return Promise.resolve();
  }

  function image(source: string | Uint8Array): Displayable {
    const bytes = typeof source === "string" ? sink.readFile(source) : source;
    const bundle = imageOf(bytes);
    if (!bundle) throw new TypeError("An image is a PNG, a JPEG or a GIF");
    return displayed(bundle);
  }

  return Object.freeze({
    $display: DISPLAY,
    broadcast,
    display,
    format: formatValue,
    html: tagged("text/html"),
    image,
    md: tagged("text/markdown"),
    svg: tagged("image/svg+xml"),
  });
}

/** Makes the tag of a template whose text is displayed in one format. */
function tagged(type: string) {
  return (strings: TemplateStringsArray | string, ...values: unknown[]): Displayable => {
    const parts = typeof strings === "string" ? [strings] : [...strings];
    const text = parts.map((part, index) =>
      part + (index < values.length ? `${values[index]}` : "")
    );
    return displayed({ [type]: text.join("") });
  };
}

function displayed(bundle: MimeBundle): Displayable {
  return { [DISPLAY]: () => bundle };
}
