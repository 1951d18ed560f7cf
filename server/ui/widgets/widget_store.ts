import { z } from "zod";
import { listComms } from "../api/comms.ts";
import type { CommEvent } from "../api/event_schema.ts";
import type { KernelComms, PageComm } from "../comms/kernel_comms.ts";
import type { BufferPath, FromWidgets, WidgetState } from "./messages.ts";

/** The target of the comms of widgets, and that of the comm that tells the states of all of them. */
const WIDGET_TARGET = "jupyter.widget";
const CONTROL_TARGET = "jupyter.widget.control";
/** The version of the messages on the comm that tells states, which ipywidgets asks for. */
const CONTROL_VERSION = "1.0.0";

/** The longest wait for the states of the kernel's widgets, once the kernel has the request, in milliseconds. */
const STATES_DEADLINE_MS = 5_000;

const object = z.record(z.string(), z.unknown());
const paths = z.array(z.array(z.union([z.string(), z.int()])).min(1)).catch([]);
const update = z.object({
  method: z.enum(["update", "echo_update"]),
  state: object,
  buffer_paths: paths.optional(),
});
const opening = z.object({ state: object, buffer_paths: paths.optional() });
const allStates = z.object({
  method: z.literal("update_states"),
  states: z.record(z.string(), z.object({ state: object })),
  buffer_paths: paths.optional(),
});

/** A change of the widgets that a kernel has. */
export type WidgetChange =
  /** A widget has appeared, or other widgets belong to it now. */
  | { type: "arranged"; id: string }
  /** A message for a widget has come, from the kernel or from another frame of the page. */
  | {
    type: "message";
    id: string;
    data: Record<string, unknown>;
    buffers: Uint8Array[];
    origin?: unknown;
  }
  /** The kernel has ended, with its widgets. */
  | { type: "ended" };

/**
 * A `WidgetStore` has the states of the widgets of a kernel, as the kernel and the frames that show them
 * report these.
 */
export class WidgetStore {
  readonly #comms: KernelComms;
  readonly #kernelId: () => string | null;
  readonly #models = new Map<string, WidgetState>();
  readonly #pageComms = new Map<string, PageComm>();
  readonly #observers = new Set<(change: WidgetChange) => void>();
  /** The states that frames have sent and the kernel has not sent back, as JSON, by widget. */
  readonly #sent = new Map<string, string[]>();
  #loading: Promise<void> | undefined;

  constructor(comms: KernelComms, kernelId: () => string | null) {
    this.#comms = comms;
    this.#kernelId = kernelId;
    comms.observe((event) => this.#take(event));
    comms.generation.subscribe(() => this.#forget());
  }

  /** The states of the widgets by id. */
  get models(): ReadonlyMap<string, WidgetState> {
    return this.#models;
  }

  /** Calls `observer` with every change; returns a function that stops this. */
  observe(observer: (change: WidgetChange) => void): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Resolves when a widget is known, with true, or when the kernel has told that it has none of that id. */
  async find(id: string, signal: AbortSignal): Promise<boolean> {
    const appeared = Promise.withResolvers<void>();
    const stop = this.observe((change) => {
      if (change.type === "ended" || this.#models.has(id)) appeared.resolve();
    });
    signal.addEventListener("abort", () => appeared.resolve(), { once: true });
    const generation = this.#comms.generation.peek();
    try {
      if (!this.#models.has(id) && this.#kernelId() !== null) {
        this.#loading ??= this.#load().finally(() => this.#loading = undefined);
        await Promise.race([appeared.promise, this.#loading]);
      }
      if (this.#models.has(id) || signal.aborted) return this.#models.has(id);
      // Another interpreter has come meanwhile: it is the one to ask.
      return generation !== this.#comms.generation.peek() && await this.find(id, signal);
    } finally {
      stop();
    }
  }

  /** Passes a message of a frame to the kernel and to the other frames; resolves when the kernel has handled it. */
  async send({ id, data, buffers }: FromWidgets, origin: unknown): Promise<void> {
    const comm = this.#pageComms.get(id);
    if (!comm) return;
    const { success, data: update } = updateOf(data);
    if (success) {
      this.#merge(id, update.state, update.buffer_paths ?? [], buffers);
      const sent = this.#sent.get(id) ?? [];
      sent.push(...Object.entries(update.state).map((entry) => JSON.stringify(entry)));
      this.#sent.set(id, sent.slice(-500));
      this.#tell({ type: "message", id, data, buffers, origin });
    }
    await comm.send({ data, buffers });
  }

  /** Changes the state of a widget here, in every frame and in the kernel. */
  change(id: string, state: Record<string, unknown>): void {
    const data = { method: "update", state, buffer_paths: [] };
    this.send({ type: "send", id, token: 0, data, buffers: [] }, this).catch(() => {
      // The kernel has ended, and the widget with it.
    });
  }

  #take(event: CommEvent): void {
    const { commId: id, data, buffers } = event;
    if (event.type === "comm_open") {
      if (event.targetName !== WIDGET_TARGET) return;
      const { success, data: opened } = opening.safeParse(data);
      if (success) this.#add(id, opened.state, opened.buffer_paths ?? [], buffers);
      return;
    }
    if (event.type === "comm_close") return this.#remove(id);
    const model = this.#models.get(id);
    if (!model) return;
    const { success, data: update } = updateOf(data);
    if (!success) return this.#tell({ type: "message", id, data, buffers });
    const state = update.method === "update" ? update.state : this.#withoutSent(id, update.state);
    if (Object.keys(state).length === 0) return;
    const known = update.buffer_paths ?? [];
    const kept = known.flatMap((path, at) => Object.hasOwn(state, path[0]!) ? [at] : []);
    const bufferPaths = kept.map((at) => known[at]!);
    const keptBuffers = kept.map((at) => buffers[at]!);
    this.#merge(id, state, bufferPaths, keptBuffers);
    if (JSON.stringify(state).includes("IPY_MODEL_")) this.#tell({ type: "arranged", id });
    const message = { method: "update", state, buffer_paths: bufferPaths };
    this.#tell({ type: "message", id, data: message, buffers: keptBuffers });
  }

  /** Leaves out of an echo what frames of this page have sent: they have it already, and newer values. */
  #withoutSent(id: string, state: Record<string, unknown>): Record<string, unknown> {
    const sent = this.#sent.get(id) ?? [];
    return Object.fromEntries(
      Object.entries(state).filter((entry) => {
        const at = sent.indexOf(JSON.stringify(entry));
        if (at >= 0) sent.splice(at, 1);
        return at < 0;
      }),
    );
  }

  #add(id: string, state: Record<string, unknown>, paths: BufferPath[], buffers: Uint8Array[]) {
    this.#models.set(id, { state, paths, buffers });
    this.#pageComms.set(
      id,
      this.#comms.attach(id, { onMessage() {}, onClose: () => this.#remove(id) }),
    );
    this.#tell({ type: "arranged", id });
  }

  #merge(id: string, state: Record<string, unknown>, paths: BufferPath[], buffers: Uint8Array[]) {
    const model = this.#models.get(id);
    if (!model) return;
    const kept = model.paths.flatMap((path, at) =>
      Object.hasOwn(state, path[0]!) ? [] : [[path, model.buffers[at]!] as const]
    );
    this.#models.set(id, {
      state: { ...model.state, ...state },
      paths: [...kept.map(([path]) => path), ...paths],
      buffers: [...kept.map(([, bytes]) => bytes), ...buffers],
    });
  }

  #remove(id: string): void {
    this.#models.delete(id);
    this.#pageComms.delete(id);
    this.#sent.delete(id);
  }

  #forget(): void {
    if (this.#models.size === 0) return;
    this.#models.clear();
    this.#pageComms.clear();
    this.#sent.clear();
    this.#tell({ type: "ended" });
  }

  #tell(change: WidgetChange): void {
    for (const observer of this.#observers) observer(change);
  }

  /** Asks the kernel for the states of all its widgets. Versions of ipywidgets before 7.7 have no control comm. */
  async #load(): Promise<void> {
    const signal = this.#comms.ended;
    try {
      if (await this.#loadAll()) return;
      for (const id of await listComms(this.#kernelId()!, WIDGET_TARGET, signal)) {
        if (!this.#models.has(id)) await this.#loadOne(id);
      }
    } catch {
      // The kernel has ended: it has no widgets.
    }
  }

  async #loadAll(): Promise<boolean> {
    const answered = Promise.withResolvers<boolean>();
    const opening = { data: {}, metadata: { version: CONTROL_VERSION } };
    const comm = await this.#comms.open(CONTROL_TARGET, opening, {
      onMessage: ({ data, buffers }) => {
        const { success, data: all } = allStates.safeParse(data);
        if (!success) return;
        this.#addAll(all, buffers);
        answered.resolve(true);
      },
      onClose: () => answered.resolve(false),
    });
    await comm.send({ data: { method: "request_states" } });
    const deadline = setTimeout(() => answered.resolve(false), STATES_DEADLINE_MS);
    const isAnswered = await answered.promise;
    clearTimeout(deadline);
    if (isAnswered) await comm.close();
    return isAnswered;
  }

  #addAll({ states, buffer_paths = [] }: z.infer<typeof allStates>, buffers: Uint8Array[]): void {
    const byId = new Map<string, { paths: BufferPath[]; buffers: Uint8Array[] }>();
    for (const [at, [id, , ...path]] of buffer_paths.entries()) {
      const own = byId.get(String(id)) ?? { paths: [], buffers: [] };
      own.paths.push(path);
      own.buffers.push(buffers[at]!);
      byId.set(String(id), own);
    }
    for (const [id, { state }] of Object.entries(states)) {
      const { paths, buffers } = byId.get(id) ?? { paths: [], buffers: [] };
      this.#add(id, state, paths, buffers);
    }
  }

  async #loadOne(id: string): Promise<void> {
    const answered = Promise.withResolvers<void>();
    const comm = this.#comms.attach(id, {
      onMessage: ({ data, buffers }) => {
        const { success, data: update } = updateOf(data);
        if (!success) return;
        this.#add(id, update.state, update.buffer_paths ?? [], buffers);
        answered.resolve();
      },
      onClose: answered.resolve,
    });
    await comm.send({ data: { method: "request_state" } });
    const deadline = setTimeout(answered.resolve, STATES_DEADLINE_MS);
    await answered.promise;
    clearTimeout(deadline);
  }
}

function updateOf(data: unknown) {
  return update.safeParse(data);
}
