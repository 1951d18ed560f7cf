import { type McpServer, ResourceTemplate, type ServerContext } from "@modelcontextprotocol/server";
import { ServiceError } from "../../../errors/service_error.ts";
import type { AgentContext } from "../agents/context.ts";
import { stateUri } from "../agents/uris.ts";
import { mimeTypeOf } from "../files/mime_type.ts";
import { readPart } from "../files/read_part.ts";
import { withFiles } from "../files/session_files.ts";
import { within } from "../runs/within.ts";
import { answerRead, type ResourceContent, variable } from "./resource.ts";
import { completeSession } from "./complete_session.ts";

/** The most bytes of a file that is read as a resource. */
const MAX_FILE_BYTES = 650_000;
/** The most variables that the state of a session lists. */
const MAX_VARIABLES = 500;

/** Offers the files of sessions, and the sessions' state. */
export function registerSessionResources(server: McpServer, context: AgentContext): void {
  const complete = { session: (value: string) => completeSession(context, value) };
  server.registerResource(
    "session-file",
    new ResourceTemplate("session://{session}/files/{+path}", { list: undefined, complete }),
    {
      title: "A file of a session",
      description: "By the session's name and the file's absolute path",
    },
    (uri, variables, request) =>
      answerRead(uri, () => {
        const path = `/${variable(variables, "path")}`;
        return readFile(context, request, { session: variable(variables, "session"), path });
      }),
  );
  server.registerResource(
    "session-state",
    new ResourceTemplate("session://{session}/state", {
      list: async () => ({
        resources: (await context.sessions.list(context.agent)).map(({ name }) => ({
          uri: stateUri(name),
          name: `state of ${name}`,
          mimeType: "application/json",
        })),
      }),
      complete,
    }),
    {
      title: "The state of a session",
      description: "Its status, variables, packages and limits",
      mimeType: "application/json",
    },
    (uri, variables, request) =>
      answerRead(uri, () => readState(context, request, variable(variables, "session"))),
  );
}

async function readFile(
  context: AgentContext,
  request: ServerContext,
  { session: name, path }: { session: string; path: string },
): Promise<ResourceContent> {
  const session = await context.sessions.get(context.agent, name);
  const { entry, bytes } = await withFiles(
    session,
    callOf(context, request),
    (files) => readPart(files, path, { offset: 0, limit: MAX_FILE_BYTES }),
  );
  if (entry.size > MAX_FILE_BYTES) {
    throw new ServiceError(
      "invalid_argument",
      `Cannot read "${path}": it is larger than one resource may be; the tool files reads parts`,
    );
  }
  const mimeType = mimeTypeOf(entry.name);
  if (isText(mimeType)) return { mimeType, text: new TextDecoder().decode(bytes) };
  return { mimeType, blob: bytes.toBase64() };
}

async function readState(
  context: AgentContext,
  request: ServerContext,
  name: string,
): Promise<ResourceContent> {
  const { kernel } = await context.sessions.get(context.agent, name);
  const { status, kind, limits, mounts, executionCount, memoryBytes, lastActivity } = context
    .services.kernels.describe(kernel);
  // A session that computes cannot be asked for more.
  const more = status === "idle"
    ? await within(
      Promise.all([kernel.calls.variables(), kernel.calls.packages()]),
      callOf(context, request),
      `session "${name}" has begun to compute; read its state again later`,
    )
    : undefined;
  const state = {
    session: name,
    status,
    kind,
    runs: executionCount,
    memory_bytes: memoryBytes,
    last_activity: lastActivity,
    limits,
    mounts,
    ...(more && { variables: more[0].slice(0, MAX_VARIABLES), packages: more[1] }),
  };
  return { mimeType: "application/json", text: JSON.stringify(state, undefined, 1) };
}

/** Returns what bounds the wait of a read. */
function callOf({ services }: AgentContext, request: ServerContext) {
  return { request, deadline: performance.now() + services.agents.waitMs };
}

function isText(mimeType: string): boolean {
  return mimeType.startsWith("text/") || /json|xml/.test(mimeType);
}
