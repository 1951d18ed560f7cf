/// <reference lib="dom" />
/**
 * Draws widgets in a sandboxed document, with the widgets' own library. The page passes the messages between
 * them and the kernel.
 *
 * @module
 */
import type { FromWidgets, ToWidgets, WidgetState } from "../messages.ts";

/** The parts of the widgets' library that are used here. */
interface WidgetModel {
  comm_live: boolean;
  trigger(event: string): void;
}
interface ManagerBase {
  new_model(options: object, state: object): Promise<WidgetModel>;
  get_model(id: string): Promise<WidgetModel>;
  has_model(id: string): boolean;
  create_view(model: WidgetModel): Promise<unknown>;
  display_view(view: unknown, element: HTMLElement): Promise<void>;
}
interface Libraries {
  "@jupyter-widgets/base": {
    put_buffers(state: object, paths: unknown[], buffers: DataView[]): void;
  };
  "@jupyter-widgets/html-manager": {
    HTMLManager: new (options: { loader: (name: string) => Promise<never> }) => ManagerBase;
  };
}
declare const amdModules: { load<N extends keyof Libraries>(name: N): Libraries[N] };

interface Callbacks {
  iopub?: { status?: (message: object) => void };
}
type Handler = (message: object) => unknown;

/** The frame's end of a widget's comm. */
class FrameComm {
  readonly comm_id: string;
  readonly target_name = "jupyter.widget";
  readonly #send: FrameWidgets["send"];
  #onMessage: Handler = () => {};
  #onClose: Handler = () => {};

  constructor(id: string, send: FrameWidgets["send"]) {
    this.comm_id = id;
    this.#send = send;
  }

  open(): string {
    return "";
  }

  close(): string {
    return "";
  }

  send(
    data: Record<string, unknown>,
    callbacks?: Callbacks,
    _metadata?: object,
    buffers: (ArrayBuffer | ArrayBufferView)[] = [],
  ): string {
    return this.#send(this.comm_id, data, buffers.map(bytesOf), () => {
      callbacks?.iopub?.status?.({ content: { execution_state: "idle" } });
    });
  }

  on_msg(handler: Handler): void {
    this.#onMessage = handler;
  }

  on_close(handler: Handler): void {
    this.#onClose = handler;
  }

  take(data: Record<string, unknown>, buffers: Uint8Array[]): unknown {
    const content = { comm_id: this.comm_id, data };
    return this.#onMessage({ content, metadata: {}, buffers: buffers.map(viewOf), header: {} });
  }

  end(): void {
    this.#onClose({ content: { comm_id: this.comm_id, data: {} } });
  }
}

/** The widgets of one document. */
class FrameWidgets {
  readonly #output: HTMLElement;
  readonly #port: MessagePort;
  readonly #manager: ManagerBase;
  readonly #comms = new Map<string, FrameComm>();
  readonly #sent = new Map<number, () => void>();
  #last = 0;

  constructor(output: HTMLElement, port: MessagePort) {
    this.#output = output;
    this.#port = port;
    const { HTMLManager } = amdModules.load("@jupyter-widgets/html-manager");
    this.#manager = new HTMLManager({
      loader: (name) =>
        Promise.reject(
          new Error(`The widgets of ${name} cannot be shown: only those of ipywidgets are here`),
        ),
    });
  }

  readonly send = (
    id: string,
    data: Record<string, unknown>,
    buffers: Uint8Array<ArrayBuffer>[],
    onHandled: () => void,
  ): string => {
    const token = ++this.#last;
    this.#sent.set(token, onHandled);
    this.#port.postMessage({ type: "send", id, token, data, buffers } satisfies FromWidgets);
    return String(token);
  };

  async take(message: ToWidgets): Promise<void> {
    switch (message.type) {
      case "models":
        return await this.#add(message.models, message.isLive);
      case "show": {
        const model = await this.#manager.get_model(message.id);
        return await this.#manager.display_view(this.#manager.create_view(model), this.#output);
      }
      case "message":
        return void this.#comms.get(message.id)?.take(message.data, message.buffers);
      case "handled":
        this.#sent.get(message.token)?.();
        return void this.#sent.delete(message.token);
      case "disconnected":
        for (const id of this.#comms.keys()) {
          const model = await this.#manager.get_model(id);
          model.comm_live = false;
          model.trigger("comm_live_update");
        }
    }
  }

  async #add(models: Record<string, WidgetState>, isLive: boolean): Promise<void> {
    const { put_buffers } = amdModules.load("@jupyter-widgets/base");
    const made = Object.entries(models).map(([id, { state, paths, buffers }]) => {
      if (this.#manager.has_model(id)) return;
      put_buffers(state, paths, buffers.map(viewOf));
      const comm = isLive ? new FrameComm(id, this.send) : undefined;
      if (comm) this.#comms.set(id, comm);
      const { _model_name, _model_module, _model_module_version } = state;
      return this.#manager.new_model({
        model_id: id,
        model_name: _model_name,
        model_module: _model_module,
        model_module_version: _model_module_version,
        ...(comm && { comm }),
      }, state);
    });
    await Promise.all(made);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Returns a copy: the library may go on to use its own. */
function bytesOf(bytes: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes.slice());
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice();
}

Object.assign(globalThis, {
  /** The frame's document calls this once with the place for the widgets and its port to the page. */
  startWidgets(output: HTMLElement, port: MessagePort): void {
    const widgets = new FrameWidgets(output, port);
    let taken = Promise.resolve();
    const report = (error: unknown) => {
      const line = document.createElement("pre");
      line.textContent = error instanceof Error ? error.message : String(error);
      output.append(line);
    };
    // In order: a message may be for a widget that the one before brings.
    port.addEventListener("message", ({ data }) => {
      if (typeof data.type === "string") {
        taken = taken.then(() => widgets.take(data as ToWidgets)).catch(report);
      }
    });
  },
});
