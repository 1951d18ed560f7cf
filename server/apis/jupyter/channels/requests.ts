import { z } from "zod";
import type { ExecuteResult, LanguageInfo } from "../../../../kernel/mod.ts";
import { userExpressionsSchema } from "../../../services/executions/request.ts";
import type { KernelHandle } from "../../../services/kernels/handle.ts";
import { type MessageBody, PROTOCOL_VERSION } from "./message.ts";

const text = z.string();
const name = text.max(1_000, "is longer than 1000 characters");
const object = z.record(z.string(), z.unknown());
const code = z.object({ code: text });
const place = z.object({ code: text, cursor_pos: z.int().min(0).optional() });
const comm = z.object({
  comm_id: name,
  data: object.nullish().transform((value) => value ?? {}),
});

/** The content of an `execute_request`. */
export const executeContent = z.object({
  code: text,
  silent: z.boolean().default(false),
  store_history: z.boolean().optional(),
  user_expressions: userExpressionsSchema.nullish().transform((value) => value ?? {}),
  allow_stdin: z.boolean().default(true),
  stop_on_error: z.boolean().default(true),
});

/** The character that a terminal sends at the end of its input, and Jupyter's console too. */
const END_OF_INPUT = "\x04";

/** The content of an `input_reply`; the value is null at the end of the input. */
export const inputReplyContent = z.object({
  value: z.union([text, z.number()]).default("")
    .transform((value) => value === END_OF_INPUT ? null : `${value}`),
});

/** The content of a `shutdown_request`. */
export const shutdownContent = z.object({ restart: z.boolean().default(false) });

const inspectContent = place.extend({ detail_level: z.literal([0, 1]).default(0) });
const commInfoContent = z.object({ target_name: name.nullish() });
const commOpenContent = comm.extend({ target_name: name });
const historyContent = z.object({
  hist_access_type: z.enum(["range", "tail", "search"]),
  output: z.boolean().default(false),
  raw: z.boolean().default(true),
  session: z.int().nullish(),
  start: z.int().nullish(),
  stop: z.int().nullish(),
  n: z.int().nullish(),
  pattern: text.nullish(),
  unique: z.boolean().default(false),
});

/** A request as its handler reads it. */
export interface KernelRequest {
  /** The id of the request's message. */
  id: string;
  content: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** Answers a request with the reply's content; undefined when the request has no reply. */
type Handler = (
  kernel: KernelHandle["calls"],
  request: KernelRequest,
) => Promise<Record<string, unknown> | undefined> | Record<string, unknown>;

/** The handlers of the requests that only ask the kernel something, by the type of the message. */
export const REQUESTS: Readonly<Record<string, Handler>> = {
  async complete_request(kernel, { content }) {
    const { code, cursor_pos } = place.parse(content);
    const { matches, cursorStart, cursorEnd, metadata } = await kernel.complete(code, cursor_pos);
    return { matches, cursor_start: cursorStart, cursor_end: cursorEnd, metadata };
  },
  async inspect_request(kernel, { content }) {
    const { code, cursor_pos, detail_level } = inspectContent.parse(content);
    return { ...await kernel.inspect(code, cursor_pos, detail_level) };
  },
  async is_complete_request(kernel, { content }) {
    const { status, indent } = await kernel.isComplete(code.parse(content).code);
    return { status, ...(status === "incomplete" && { indent }) };
  },
  async history_request(kernel, { content }) {
    const { hist_access_type: accessType, ...query } = historyContent.parse(content);
    // The kernel has a default for each value that is null or missing.
    const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value != null));
    return { history: await kernel.history({ accessType, ...given }) };
  },
  async comm_info_request(kernel, { content }) {
    const { target_name } = commInfoContent.parse(content);
    const comms = Object.entries(await kernel.comms(target_name ?? undefined));
    return {
      comms: Object.fromEntries(
        comms.map(([id, { targetName }]) => [id, { target_name: targetName }]),
      ),
    };
  },
  // Clients reach every kernel through the server: there are no ports to tell.
  connect_request: () => ({}),
  async comm_open(kernel, { id, content, metadata, buffers }) {
    const { comm_id: commId, target_name: targetName, data } = commOpenContent.parse(content);
    await kernel.openComm({ commId, targetName, data, metadata, requestId: id }, buffers);
    return undefined;
  },
  async comm_msg(kernel, { id, content, metadata, buffers }) {
    const { comm_id: commId, data } = comm.parse(content);
    await kernel.sendComm({ commId, data, metadata, requestId: id }, buffers);
    return undefined;
  },
  async comm_close(kernel, { id, content, metadata, buffers }) {
    const { comm_id: commId, data } = comm.parse(content);
    await kernel.closeComm({ commId, data, metadata, requestId: id }, buffers);
    return undefined;
  },
  async debug_request(kernel, { content }) {
    return await kernel.debug(content);
  },
};

/** Returns the type of a request's reply; the request's own type when it has no reply. */
export function replyType(requestType: string): string {
  return requestType.replace(/_request$/, "_reply");
}

/** Makes the content of the reply to a `kernel_info_request`. */
export function kernelInfoReply(info: LanguageInfo): Record<string, unknown> {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: info.implementation,
    implementation_version: info.implementationVersion,
    language_info: info.languageInfo,
    banner: info.banner,
    help_links: [],
    supported_features: info.supportedFeatures ?? [],
  };
}

/** Makes the reply to an `execute_request`. An execution that never began has the kernel's present count. */
export function executeReply(result: ExecuteResult, presentCount = 0): MessageBody {
  const { status, timings } = result;
  const execution_count = result.executionCount ?? presentCount;
  const started = timings.startedAt === null ? {} : {
    started: new Date(timings.startedAt).toISOString(),
  };
  const metadata = { ...started, status };
  const error = result.error;
  const died = status === "aborted" && timings.startedAt !== null;
  if (status === "ok") {
    const { userExpressions: user_expressions, payload } = result;
    const content = { status, execution_count, user_expressions, payload };
    return { msg_type: "execute_reply", content, metadata };
  }
  if (error && (status === "error" || died)) {
    const content = {
      ...errorContent(error),
      execution_count,
      user_expressions: {},
      payload: [],
    };
    return { msg_type: "execute_reply", content, metadata: { ...metadata, status: "error" } };
  }
  return { msg_type: "execute_reply", content: { status, execution_count }, metadata };
}

/** Makes the content of the reply to a request that failed. */
export function failure(error: unknown): Record<string, unknown> {
  if (error instanceof z.ZodError) {
    const problems = error.issues.map(({ path, message }) =>
      `${path.join(".") || "content"}: ${message}`
    );
    return errorContent({ ename: "ValueError", evalue: problems.join("; "), traceback: [] });
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return errorContent({ ename: name, evalue: message, traceback: [] });
}

function errorContent({ ename, evalue, traceback }: {
  ename: string;
  evalue: string;
  traceback: string[];
}): Record<string, unknown> {
  return { status: "error", ename, evalue, traceback };
}
