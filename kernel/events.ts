/** A MIME bundle: a value in each format that it can be shown in, by MIME type. */
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
  TOOL_CALL: "tool_call",
  STATUS: "status",
  COMM_OPEN: "comm_open",
  COMM_MSG: "comm_msg",
  COMM_CLOSE: "comm_close",
  DEBUG_EVENT: "debug_event",
  PACKAGE_PROGRESS: "package_progress",
  EXECUTION_STALLED: "execution_stalled",
  KERNEL_TERMINATED: "kernel_terminated",
} as const;

/** The name of an event. */
export type KernelEventType = typeof KernelEvents[keyof typeof KernelEvents];

/** The fields of every event. */
export interface EventBase {
  /** The id of the kernel that it comes from. */
  kernelId: string;
  /** The id of the execution that caused it, where one did. */
  executionId?: string;
}

/** Text written to stdout or stderr; consecutive writes may be joined. */
export interface StreamEvent extends EventBase {
  /** Tells the events apart. */
  type: "stream";
  /** The stream. */
  name: "stdout" | "stderr";
  /** The text, decoded from UTF-8; bytes that are not UTF-8 become U+FFFD. */
  text: string;
}

/** A rich output, or (`update_display_data`) a new version of one shown before. */
export interface DisplayDataEvent extends EventBase {
  /** Tells the events apart. */
  type: "display_data" | "update_display_data";
  /** The output in each of its formats, by MIME type. */
  data: MimeBundle;
  /** Facts about the data. */
  metadata: Record<string, unknown>;
  /** `display_id` names the output for later updates. */
  transient: { display_id?: string };
}

/** The outputs of the cell so far are to be removed. */
export interface ClearOutputEvent extends EventBase {
  /** Tells the events apart. */
  type: "clear_output";
  /** Clears only once the next output arrives. */
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
  /** Facts about the data. */
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

/** A cell waits for a line of input: answer with `Kernel.answerInput`. */
export interface InputRequestEvent extends EventBase {
  /** Tells the events apart. */
  type: "input_request";
  /** Names the request in the answer. */
  requestId: string;
  /** The text to show before the input. */
  prompt: string;
  /** True when the typed text should not be shown. */
  password: boolean;
}

/** Code calls a tool of the embedding program, and waits: see `KernelOptions.tools`. */
export interface ToolCallEvent extends EventBase {
  /** Tells the events apart. */
  type: "tool_call";
  /** Names the call in the answer. */
  requestId: string;
  /** The name of the tool, as the code gives it. */
  name: string;
  /** The arguments by name, which nobody has checked. */
  arguments: Record<string, unknown>;
}

/** The state of a kernel. */
export type KernelStatus =
  | "starting"
  | "idle"
  | "busy"
  | "restarting"
  /** The connection to its server is lost and being tried again. */
  | "unreachable"
  | "dead";

/** The kernel's status changed. */
export interface StatusEvent extends EventBase {
  /** Tells the events apart. */
  type: "status";
  /** The new status. */
  status: KernelStatus;
}

/** The kernel opened a comm, a two-way channel to a front end. */
export interface CommOpenEvent extends EventBase {
  /** Tells the events apart. */
  type: "comm_open";
  /** Names the comm. */
  commId: string;
  /** The target, as the front end has registered it. */
  targetName: string;
  /** The message. */
  data: Record<string, unknown>;
  /** Facts about the data. */
  metadata: Record<string, unknown>;
  /** Bytes that belong to the data. */
  buffers: Uint8Array[];
}

/** A message of the kernel on a comm, or its last one. */
export interface CommMessageEvent extends EventBase {
  /** Tells the events apart. */
  type: "comm_msg" | "comm_close";
  /** Names the comm. */
  commId: string;
  /** The message. */
  data: Record<string, unknown>;
  /** Facts about the data. */
  metadata: Record<string, unknown>;
  /** Bytes that belong to the data. */
  buffers: Uint8Array[];
}

/** The debugger reports something, such as a stop, in the Debug Adapter Protocol. */
export interface DebugEvent extends EventBase {
  /** Tells the events apart. */
  type: "debug_event";
  /** The protocol's event: `seq`, `type`, `event` and `body`. */
  data: Record<string, unknown>;
  /** Facts about the data. */
  metadata: Record<string, unknown>;
}

/** A package is being fetched, has been fetched or is installed. */
export interface PackageProgressEvent extends EventBase {
  /** Tells the events apart. */
  type: "package_progress";
  /** The name of the package. */
  name: string;
  /** The size of its file; null until it has been fetched. */
  bytes: number | null;
  /** True when it is installed. */
  done: boolean;
}

/** An execution has been running for longer than the kernel's `maxExecutionTimeMs`. It goes on. */
export interface ExecutionStalledEvent extends EventBase {
  /** Tells the events apart. */
  type: "execution_stalled";
  /** The execution that is still running. */
  executionId: string;
  /** The code of the cell. */
  code: string;
  /** The kernel's limit, in milliseconds. */
  maxExecutionTimeMs: number;
  /** The older name of `maxExecutionTimeMs`. */
  maxExecutionTime: number;
  /** The time that it has been running, in milliseconds. */
  runningTimeMs: number;
  /** The older name of `runningTimeMs`. */
  runningTime: number;
}

/** The kernel ended and will not come back by itself. */
export interface KernelTerminatedEvent extends EventBase {
  /** Tells the events apart. */
  type: "kernel_terminated";
  /** The reason for its end. */
  reason: string;
  /** True when its thread could not be stopped and spins on: only a process of its own can be killed. */
  threadLeaked: boolean;
}

/** An event of a kernel; `type` tells them apart. */
export type KernelEvent =
  | StreamEvent
  | DisplayDataEvent
  | ClearOutputEvent
  | ExecuteInputEvent
  | ExecuteResultEvent
  | ExecuteErrorEvent
  | InputRequestEvent
  | ToolCallEvent
  | StatusEvent
  | CommOpenEvent
  | CommMessageEvent
  | DebugEvent
  | PackageProgressEvent
  | ExecutionStalledEvent
  | KernelTerminatedEvent;

/** The event of one type. Events that share a shape are narrowed to the one type. */
export type KernelEventOf<T extends KernelEventType, E = KernelEvent> = E extends { type: infer U }
  ? T extends U ? E & { type: T } : never
  : never;
