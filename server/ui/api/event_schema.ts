import { z } from "zod";
import { parseJson } from "./json.ts";

/** The longest name or prompt of an event, in characters; a longer one is cut. */
const MAX_LABEL = 2_000;

const label = z.string().transform((text) => text.slice(0, MAX_LABEL));
const bundle = z.record(z.string(), z.unknown());
const count = z.int().nullable().catch(null);
const display = {
  data: bundle,
  metadata: bundle.catch({}),
  transient: z.object({ display_id: z.string().optional() }).catch({}),
};

/** A request of a cell to the page, besides its outputs: to show a text, or to write one into a cell. */
const payload = z.discriminatedUnion("source", [
  z.object({
    source: z.literal("page"),
    data: bundle.catch({}),
  }),
  z.object({
    source: z.literal("set_next_input"),
    text: z.string(),
    replace: z.boolean().catch(false),
  }),
]).nullable().catch(null);

/** A request of a cell to the page, besides its outputs. */
export type Payload = NonNullable<z.infer<typeof payload>>;

/** Fields that are missing or wrong get a default: the end of an execution must not be missed. */
const ended = z.object({
  status: z.string().catch("lost"),
  executionCount: count,
  usage: z.object({
    wallMs: z.number(),
    cpuMs: z.number().nullable().catch(null),
    peakMemoryBytes: z.number().nullable().catch(null),
  }).nullable().catch(null),
  payload: z.array(payload).catch([]),
  error: z.object({ ename: label, evalue: label }).nullable().catch(null),
  kernel: z.object({ reason: label.nullable() }).catch({ reason: null }),
});

/** The events that change what a cell shows, also after the end of its execution. */
const showing = [
  z.object({ type: z.literal("stream"), name: z.enum(["stdout", "stderr"]), text: z.string() }),
  z.object({ type: z.literal("display_data"), ...display }),
  z.object({ type: z.literal("update_display_data"), ...display }),
  z.object({ type: z.literal("clear_output"), wait: z.boolean() }),
] as const;

const buffers = z.array(z.string()).catch([]).transform((texts) =>
  texts.map((text) => Uint8Array.fromBase64(text))
);
const comm = {
  commId: z.string(),
  data: bundle.catch({}),
  metadata: bundle.catch({}),
  buffers,
  executionId: z.string().optional(),
};
const commEvents = [
  z.object({ type: z.literal("comm_open"), targetName: z.string(), ...comm }),
  z.object({ type: z.literal("comm_msg"), ...comm }),
  z.object({ type: z.literal("comm_close"), ...comm }),
] as const;

/** A message of the kernel on a comm. */
export type CommEvent = z.infer<typeof commEvents[number]>;

/** Returns true for a message on a comm. */
export function isCommEvent(event: { type: string }): event is CommEvent {
  return event.type.startsWith("comm_");
}

const executionEvent = z.discriminatedUnion("type", [
  ...showing,
  z.object({ type: z.literal("execute_input"), executionCount: z.int() }),
  z.object({
    type: z.literal("execute_result"),
    data: bundle,
    metadata: bundle.catch({}),
    executionCount: z.int(),
  }),
  z.object({
    type: z.literal("execute_error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
  z.object({
    type: z.literal("input_request"),
    requestId: z.string(),
    prompt: label.catch(""),
    password: z.boolean().catch(false),
  }),
  z.object({ type: z.literal("status"), status: z.string() }),
  z.object({ type: z.literal("package_progress"), name: label, done: z.boolean() }),
  ...commEvents,
  z.object({ type: z.literal("gap") }),
  z.object({ type: z.literal("done"), execution: ended }),
]);

/** The types of events that the page acts on. It passes over all others. */
const TYPES = new Set<string>(executionEvent.options.map(({ shape }) => shape.type.value));

/** An event of an execution. An `unreadable` one has wrong fields; an `other` one shows nothing. */
export type ExecutionEvent =
  | z.infer<typeof executionEvent>
  | { type: "unreadable" }
  | { type: "other" };

/** An event and its number in the execution, from 1 on; events without a number are not repeated. */
export interface NumberedEvent {
  seq: number | undefined;
  event: ExecutionEvent;
}

const head = z.object({ type: z.string(), seq: z.int().optional().catch(undefined) });

/** Parses one line of the server's event stream. */
export function parseExecutionEvent(line: string): NumberedEvent {
  const json = tryParse(line);
  const { success, data } = head.safeParse(json);
  if (!success) return { seq: undefined, event: { type: "unreadable" } };
  if (!TYPES.has(data.type)) return { seq: data.seq, event: { type: "other" } };
  const parsed = executionEvent.safeParse(json);
  return { seq: data.seq, event: parsed.success ? parsed.data : { type: "unreadable" } };
}

const kernelStatus = z.enum(["starting", "idle", "busy", "restarting", "unreachable", "dead"]);
const [stream, shown, updated, cleared] = showing;
const executionId = z.string().optional();
const kernelEvent = z.discriminatedUnion("type", [
  stream.extend({ executionId }),
  shown.extend({ executionId }),
  updated.extend({ executionId }),
  cleared.extend({ executionId }),
  z.object({ type: z.literal("status"), status: kernelStatus, executionId }),
  ...commEvents,
  z.object({ type: z.literal("kernel_terminated") }),
]);

/** An event of a kernel that the page acts on. */
export type FollowedKernelEvent = z.infer<typeof kernelEvent>;

/** An event of a kernel that changes what a cell shows. */
export type ShowingEvent = Exclude<
  FollowedKernelEvent,
  { type: "status" | "kernel_terminated" } | CommEvent
>;

/** Parses an event of a kernel; undefined if the page does not act on it. */
export function parseKernelEvent(text: string): FollowedKernelEvent | undefined {
  return kernelEvent.safeParse(tryParse(text)).data;
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
