import { copyMembers, type KernelEvent } from "../../../../kernel/mod.ts";
import type { JupyterChannel, MessageBody } from "./message.ts";

/**
 * Turns an event into Jupyter's message; undefined when Jupyter has none for it. The event's bundles pass
 * into the content unread.
 */
export function eventMessage(
  event: KernelEvent,
): (MessageBody & { channel: JupyterChannel }) | undefined {
  switch (event.type) {
    case "stream":
      return iopub("stream", { name: event.name, text: event.text });
    case "display_data":
    case "update_display_data": {
      const content = { transient: event.transient };
      copyMembers(content, event, ["data", "metadata"]);
      return iopub(event.type, content);
    }
    case "clear_output":
      return iopub("clear_output", { wait: event.wait });
    case "execute_input":
      return iopub("execute_input", { code: event.code, execution_count: event.executionCount });
    case "execute_result": {
      const content = { execution_count: event.executionCount };
      copyMembers(content, event, ["data", "metadata"]);
      return iopub("execute_result", content);
    }
    case "execute_error": {
      const { ename, evalue, traceback } = event;
      return iopub("error", { ename, evalue, traceback });
    }
    case "comm_open":
    case "comm_msg":
    case "comm_close": {
      const { commId: comm_id, metadata, buffers } = event;
      const target = event.type === "comm_open" ? { target_name: event.targetName } : {};
      const content = { comm_id, ...target };
      copyMembers(content, event, ["data"]);
      return { ...iopub(event.type, content), metadata, buffers };
    }
    case "debug_event":
      return iopub("debug_event", event.data);
    case "input_request": {
      const { prompt, password } = event;
      return { channel: "stdin", msg_type: "input_request", content: { prompt, password } };
    }
    // KernelChannels sends these, in the order that clients expect.
    case "status":
    case "kernel_terminated":
      return undefined;
    case "tool_call":
    case "execution_stalled":
    case "package_progress":
      return undefined;
  }
}

function iopub(msg_type: string, content: Record<string, unknown>) {
  return { channel: "iopub" as const, msg_type, content };
}
