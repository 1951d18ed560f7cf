import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { ServiceError } from "../../../errors/service_error.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";
import type { AgentContext } from "../agents/context.ts";
import { imageOf } from "../results/display.ts";
import { outputText } from "../results/output_text.ts";
import { plainText } from "../results/plain_text.ts";
import { variable } from "./variable.ts";

/** The most characters of one resource: clients refuse messages of more than a mebibyte. */
const MAX_CHARACTERS = 700_000;

/** The formats of an output that is no image, the best first. */
const TEXTS = ["text/html", "image/svg+xml", "text/markdown", "text/latex", "application/json"];

/** Offers the outputs of runs as resources. */
export function registerRunResources(server: McpServer, context: AgentContext): void {
  server.registerResource(
    "run-output",
    new ResourceTemplate("run://{run}/outputs/{index}", { list: undefined }),
    {
      title: "An output of a run",
      description: "An image, table or other rich output, by the run's id and the output's place",
    },
    async (uri, variables) => {
      const record = await findRun(context, variable(variables, "run"));
      const output = record.outputs[Number(variable(variables, "index"))];
      if (!output || !("data" in output)) throw missing(uri);
      const { data } = output;
      const image = imageOf(data);
      if (image) {
        const { mimeType, data: blob } = image;
        return { contents: [{ uri: uri.href, mimeType, blob: fitting(blob, uri) }] };
      }
      const mimeType = TEXTS.find((type) => data[type] !== undefined) ?? "text/plain";
      const value = data[mimeType];
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return { contents: [{ uri: uri.href, mimeType, text: fitting(plainText(text), uri) }] };
    },
  );
  server.registerResource(
    "run-text",
    new ResourceTemplate("run://{run}/text", { list: undefined }),
    {
      title: "The text of a run",
      description: "All that a run has printed",
      mimeType: "text/plain",
    },
    async (uri, variables) => {
      const record = await findRun(context, variable(variables, "run"));
      const text = fitting(outputText(record.outputs), uri);
      return { contents: [{ uri: uri.href, mimeType: "text/plain", text }] };
    },
  );
}

async function findRun({ services, sessions }: AgentContext, id: string): Promise<ExecutionRecord> {
  const record = await services.executions.get(id);
  if (record.origin === "mcp" || sessions.reaches(record.kernelId)) return record;
  throw new ServiceError("not_found", `Cannot find execution "${id}": no such execution`);
}

function fitting(text: string, uri: URL): string {
  // JSON escapes quotes and line feeds, and UTF-8 takes up to three bytes.
  const size = new TextEncoder().encode(JSON.stringify(text)).length;
  if (size <= MAX_CHARACTERS) return text;
  throw new ServiceError(
    "invalid_argument",
    `Cannot read ${uri.href}: it is larger than one message may be; read_output and files read parts`,
  );
}

function missing(uri: URL): ServiceError {
  return new ServiceError("not_found", `Cannot read ${uri.href}: there is no such output`);
}
