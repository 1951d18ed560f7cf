import type { KernelEvent } from "../../../../kernel/mod.ts";
import type { JupyterChannel, MessageBody } from "./message.ts";

/** Turns an event into Jupyter's message; undefined when Jupyter has none for it. */
export function eventMessage(
  event: KernelEvent,
): (MessageBody & { channel: JupyterChannel }) | undefined {
  switch (event.type) {
    case "stream":
      return iopub("stream", { name: event.name, text: event.text });
    case "display_data":
    case "update_display_data": {
      const { data, metadata, transient } = event;
      return iopub(event.type, { data, metadata, transient });
    }
    case "clear_output":
      return iopub("clear_output", { wait: event.wait });
    case "execute_input":
      return iopub("execute_input", { code: event.code, execution_count: event.executionCount });
    case "execute_result": {
      const { data, metadata, executionCount } = event;
      return iopub("execute_result", { data, metadata, execution_count: executionCount });
    }
    case "execute_error": {
      const { ename, evalue, traceback } = event;
      return iopub("error", { ename, evalue, traceback });
    }
    case "comm_open":
    case "comm_msg":
    case "comm_close": {
      const { commId: comm_id, data, metadata, buffers } = event;
      const target = event.type === "comm_open" ? { target_name: event.targetName } : {};
      return { ...iopub(event.type, { comm_id, ...target, data }), metadata, buffers };
    }
    case "input_request": {
      const { prompt, password } = event;
      return { channel: "stdin", msg_type: "input_request", content: { prompt, password } };
    }
    // KernelChannels sends these, in the order that clients expect.
    case "status":
    case "kernel_terminated":
      return undefined;
    case "execution_stalled":
    case "package_progress":
      return undefined;
  }
}

function iopub(msg_type: string, content: Record<string, unknown>) {
  return { channel: "iopub" as const, msg_type, content };
}
