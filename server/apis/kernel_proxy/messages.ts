import type { ExecuteResult, KernelEvent } from "../../../kernel/mod.ts";
import type { DoneEvent } from "../../services/executions/event_log.ts";
import type { LiveExecution } from "../../services/executions/live_execution.ts";
import { eventMessage } from "../jupyter/channels/iopub.ts";
import {
  createMessage,
  type JupyterChannel,
  type JupyterHeader,
  type JupyterMessage,
  type MessageBody,
  PROTOCOL_VERSION,
} from "../jupyter/channels/message.ts";
import { executeReply } from "../jupyter/channels/requests.ts";

/** A message of Jupyter's protocol as JSON has it: the buffers stay with comms, which are not served here. */
export type ProxiedMessage = Omit<JupyterMessage, "buffers"> & {
  msg_id: string;
  msg_type: string;
  buffers: never[];
};

/** Returns the messages that a Jupyter kernel would have sent about an execution that is done. */
export function executionMessages(
  execution: Pick<LiveExecution, "id" | "log">,
  result: ExecuteResult,
): ProxiedMessage[] {
  const session = crypto.randomUUID();
  const parent = requestHeader(execution.id);
  const say = (channel: JupyterChannel, body: MessageBody): ProxiedMessage => {
    const message = createMessage(channel, session, body, parent);
    const { msg_id, msg_type } = message.header;
    return { ...message, msg_id, msg_type, buffers: [] };
  };
  const messages: ProxiedMessage[] = [];
  if (execution.log.first > 1) messages.push(say("iopub", LEFT_OUT));
  let reply: ProxiedMessage | undefined = say("shell", executeReply(result));
  for (const line of execution.log.lines) {
    const event: KernelEvent | DoneEvent = JSON.parse(line);
    if (event.type === "done") continue;
    const content = event.type === "status" ? { execution_state: event.status } : undefined;
    if (event.type === "status" && event.status === "idle" && reply) {
      // A kernel replies before it says that it is idle.
      messages.push(reply);
      reply = undefined;
    }
    if (content) messages.push(say("iopub", { msg_type: "status", content }));
    const said = eventMessage(event);
    if (said) messages.push(say(said.channel, said));
  }
  return reply ? [...messages, reply] : messages;
}

/** Makes the header of the request that a client of Jupyter's protocol would have sent. */
function requestHeader(id: string): JupyterHeader {
  return {
    msg_id: id,
    msg_type: "execute_request",
    username: "",
    session: crypto.randomUUID(),
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

const LEFT_OUT: MessageBody = {
  msg_type: "stream",
  content: {
    name: "stderr",
    text: "[There was too much output: earlier messages are left out.]\n",
  },
};
