/** A MIME bundle: what a value looks like in each format that it has, by MIME type. */
export type MimeBundle = Record<string, unknown>;

/** The names of the events, as Jupyter calls them. */
export const KernelEvents = {
  STREAM: "stream",
  DISPLAY_DATA: "display_data",
  UPDATE_DISPLAY_DATA: "update_display_data",
  CLEAR_OUTPUT: "clear_output",
  EXECUTE_INPUT: "execute_input",
  EXECUTE_RESULT: "execute_result",
  EXECUTE_ERROR: "execute_error",
  INPUT_REQUEST: "input_request",
  STATUS: "status",
  COMM_OPEN: "comm_open",
  COMM_MSG: "comm_msg",
  COMM_CLOSE: "comm_close",
  PACKAGE_PROGRESS: "package_progress",
  EXECUTION_STALLED: "execution_stalled",
  KERNEL_TERMINATED: "kernel_terminated",
} as const;

/** The name of an event. */
export type KernelEventType = typeof KernelEvents[keyof typeof KernelEvents];

/** What every event carries. */
export interface EventBase {
  /** The kernel that it comes from. */
  kernelId: string;
  /** The execution that caused it, where one did. */
  executionId?: string;
}

/** Text written to stdout or stderr; consecutive writes may be joined. */
export interface StreamEvent extends EventBase {
  /** Tells the events apart. */
  type: "stream";
  /** Which of the two streams. */
  name: "stdout" | "stderr";
  /** As decoded from UTF-8; bytes that are none become U+FFFD. */
  text: string;
}

/** A rich output, or (`update_display_data`) a new version of one shown before. */
export interface DisplayDataEvent extends EventBase {
  /** Tells the events apart. */
  type: "display_data" | "update_display_data";
  /** The output in each of its formats, by MIME type. */
  data: MimeBundle;
  /** What belongs to the data. */
  metadata: Record<string, unknown>;
  /** `display_id` names the output for later updates. */
  transient: { display_id?: string };
}

/** The outputs of the cell so far are to be removed; `wait`: once the next one arrives. */
export interface ClearOutputEvent extends EventBase {
  /** Tells the events apart. */
  type: "clear_output";
  /** Whether to wait for the next output before clearing. */
  wait: boolean;
}

/** An execution started running. */
export interface ExecuteInputEvent extends EventBase {
  /** Tells the events apart. */
  type: "execute_input";
  /** The code of the cell. */
  code: string;
  /** The `n` of `In[n]`. */
  executionCount: number;
}

/** The value of the cell's last expression. */
export interface ExecuteResultEvent extends EventBase {
  /** Tells the events apart. */
  type: "execute_result";
  /** The output in each of its formats, by MIME type. */
  data: MimeBundle;
  /** What belongs to the data. */
  metadata: Record<string, unknown>;
  /** The `n` of `In[n]`. */
  executionCount: number;
}

/** The exception that ended the cell. */
export interface ExecuteErrorEvent extends EventBase {
  /** Tells the events apart. */
  type: "execute_error";
  /** The exception's class name. */
  ename: string;
  /** Its message. */
  evalue: string;
  /** Lines to show, with ANSI colours. */
  traceback: string[];
}

/** Python waits for a line of input: answer with `Kernel.answerInput`. */
export interface InputRequestEvent extends EventBase {
  /** Tells the events apart. */
  type: "input_request";
  /** Names the request in the answer. */
  requestId: string;
  /** What to show before the input. */
  prompt: string;
  /** True when what is typed should not be shown. */
  password: boolean;
}

/** What a kernel is doing. */
export type KernelStatus = "starting" | "idle" | "busy" | "restarting" | "dead";

/** The kernel's status changed. */
export interface StatusEvent extends EventBase {
  /** Tells the events apart. */
  type: "status";
  /** The new one. */
  status: KernelStatus;
}

/** A comm (a two-way channel between Python and a front end) was opened by Python. */
export interface CommOpenEvent extends EventBase {
  /** Tells the events apart. */
  type: "comm_open";
  /** Names the comm. */
  commId: string;
  /** What the other side has registered. */
  targetName: string;
  /** What the comm carries. */
  data: Record<string, unknown>;
  /** What belongs to the data. */
  metadata: Record<string, unknown>;
  /** Bytes that belong to the data. */
  buffers: Uint8Array[];
}

/** A message on a comm from Python, or its end. */
export interface CommMessageEvent extends EventBase {
  /** Tells the events apart. */
  type: "comm_msg" | "comm_close";
  /** Names the comm. */
  commId: string;
  /** What the comm carries. */
  data: Record<string, unknown>;
  /** What belongs to the data. */
  metadata: Record<string, unknown>;
  /** Bytes that belong to the data. */
  buffers: Uint8Array[];
}

/** A package is being fetched, has been fetched or is installed. */
export interface PackageProgressEvent extends EventBase {
  /** Tells the events apart. */
  type: "package_progress";
  /** The package. */
  name: string;
  /** The size of its file; null until it has been fetched. */
  bytes: number | null;
  /** Whether it is installed. */
  done: boolean;
}

/** An execution has been running for longer than the kernel's `maxExecutionTime`. It goes on. */
export interface ExecutionStalledEvent extends EventBase {
  /** Tells the events apart. */
  type: "execution_stalled";
  /** The execution that is still running. */
  executionId: string;
  /** The code of the cell. */
  code: string;
  /** The kernel's limit in milliseconds. */
  maxExecutionTime: number;
  /** How long it has been running, in milliseconds. */
  runningTime: number;
}

/** The kernel ended and will not come back by itself. */
export interface KernelTerminatedEvent extends EventBase {
  /** Tells the events apart. */
  type: "kernel_terminated";
  /** Why it ended. */
  reason: string;
  /** True when its thread could not be stopped and spins on: only a process of its own can be killed. */
  threadLeaked: boolean;
}

/** Everything that a kernel reports, told apart by `type`. */
export type KernelEvent =
  | StreamEvent
  | DisplayDataEvent
  | ClearOutputEvent
  | ExecuteInputEvent
  | ExecuteResultEvent
  | ExecuteErrorEvent
  | InputRequestEvent
  | StatusEvent
  | CommOpenEvent
  | CommMessageEvent
  | PackageProgressEvent
  | ExecutionStalledEvent
  | KernelTerminatedEvent;

/** The event of one type. Some events share a shape; what is left has the one type. */
export type KernelEventOf<T extends KernelEventType, E = KernelEvent> = E extends { type: infer U }
  ? T extends U ? E & { type: T } : never
  : never;
