import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import type { MimeBundle } from "../../../../kernel/mod.ts";
import { ServiceError } from "../../../errors/service_error.ts";
import type { AgentContext } from "../agents/context.ts";
import { findRun } from "../agents/find_run.ts";
import { imageOf } from "../results/display.ts";
import { outputText } from "../results/output_text.ts";
import { plainText } from "../results/plain_text.ts";
import { answerRead, type ResourceContent, variable } from "./resource.ts";

/** The formats of an output that is no image, the best first. */
const TEXTS = ["text/html", "image/svg+xml", "text/markdown", "text/latex", "application/json"];

/** Offers what runs have printed and shown. */
export function registerRunResources(server: McpServer, context: AgentContext): void {
  server.registerResource(
    "run-output",
    new ResourceTemplate("run://{run}/outputs/{index}", { list: undefined }),
    {
      title: "An output of a run",
      description: "An image, table or other rich output, by the run's id and the output's place",
    },
    (uri, variables) =>
      answerRead(uri, async () => {
        const { outputs } = await findRun(context, variable(variables, "run"));
        const output = outputs[Number(variable(variables, "index"))];
        if (output && "data" in output) return contentOf(output.data);
        throw new ServiceError("not_found", `Cannot read ${uri.href}: there is no such output`);
      }),
  );
  server.registerResource(
    "run-text",
    new ResourceTemplate("run://{run}/text", { list: undefined }),
    {
      title: "The text of a run",
      description: "All that a run has printed",
      mimeType: "text/plain",
    },
    (uri, variables) =>
      answerRead(uri, async () => {
        const { outputs } = await findRun(context, variable(variables, "run"));
        return { mimeType: "text/plain", text: outputText(outputs) };
      }),
  );
}

function contentOf(data: MimeBundle): ResourceContent {
  const image = imageOf(data);
  if (image) return { mimeType: image.mimeType, blob: image.data };
  const mimeType = TEXTS.find((type) => data[type] !== undefined) ?? "text/plain";
  const value = data[mimeType];
  return { mimeType, text: plainText(typeof value === "string" ? value : JSON.stringify(value)) };
}
