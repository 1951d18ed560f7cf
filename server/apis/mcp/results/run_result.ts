import type {
  CallToolResult,
  ContentBlock,
  ImageContent,
  ResourceLink,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Output } from "../../../../kernel/mod.ts";
import { EXECUTION_STATUSES, type ExecutionRecord } from "../../../services/executions/record.ts";
import { outputUri } from "../agents/uris.ts";
import { nameOf } from "../agents/session_name.ts";
import { cutMiddle } from "./cut.ts";
import { imageOf, textOf } from "./display.ts";
import { outputText, streamText, tracebackText } from "./output_text.ts";

/** A file that a run left, in an answer. */
const artifactSchema = z.object({
  path: z.string(),
  size: z.int(),
  uri: z.string(),
});

/** The answer of the tools that run code or show a run. */
export const runResultSchema = z.object({
  session: z.string().describe("The session in which the code runs: pass it on to go on there"),
  new_session: z.boolean().describe("True when this call has started the session"),
  run: z.string().describe("The id of the run, for read_output and interrupt"),
  status: z.enum(EXECUTION_STATUSES).describe(
    "queued or running: it goes on; ok; error: an exception ended it; timeout: its time was up; " +
      "aborted: the session ended under it or it was taken back; lost: the server ended under it",
  ),
  stdout: z.string(),
  stderr: z.string(),
  result: z.string().nullable().describe("The value of the last expression as text"),
  error: z.object({ name: z.string(), message: z.string(), traceback: z.string() }).nullable(),
  displays: z.array(z.object({
    index: z.int().describe("The place among the run's outputs"),
    types: z.array(z.string()).describe("The formats that there are"),
    uri: z.string().describe("The resource to read"),
  })).describe("Images, tables and other rich outputs"),
  artifacts: z.array(artifactSchema),
  characters: z.int().describe("The length of all that the run has printed"),
  complete: z.boolean().describe("False when text is left out here; read_output shows it"),
  seconds: z.number().nullable().describe("The time that it ran; null until it has ended"),
  note: z.string().nullable(),
});

/** A file that a run left. */
export type Artifact = z.infer<typeof artifactSchema>;

/** Options for {@linkcode runResult}. */
export interface RunResultOptions {
  /** The most characters of text. */
  maxCharacters: number;
  isNewSession?: boolean;
  artifacts?: readonly Artifact[];
  /** Something else that the agent should know. */
  note?: string | undefined;
}

/** The most characters of a traceback. */
const MAX_TRACEBACK = 4_000;
/** The most Base64 of the images in one answer: clients refuse messages of more than a mebibyte. */
const MAX_IMAGES = 400_000;
/** The most images and links in one answer. */
const MAX_DISPLAYS = 20;
/** The most formats that an answer names of one output. */
const MAX_TYPES = 20;

/** The answer that shows a run. */
export interface RunResult extends CallToolResult {
  structuredContent: z.infer<typeof runResultSchema>;
}

/** Makes the answer that shows a run as it is now. */
export function runResult(record: ExecutionRecord, options: RunResultOptions): RunResult {
  const { id: run, outputs, status, error, usage } = record;
  const { maxCharacters, isNewSession = false, artifacts = [] } = options;
  const session = nameOf(record.kernelId);
  const all = outputText(outputs);
  const text = cutMiddle(
    all,
    maxCharacters,
    ({ from, to }) =>
      `${to - from} of ${all.length} characters are left out here: ` +
      `read_output(run="${run}", offset=${from}) shows them`,
  );
  const cut = (part: string, max: number) =>
    cutMiddle(part, max, ({ from, to }) => `${to - from} characters are left out`);
  const parts = {
    stdout: cut(streamText(outputs, "stdout"), maxCharacters),
    stderr: cut(streamText(outputs, "stderr"), maxCharacters / 4),
    result: record.result && cut(textOf(record.result.data), maxCharacters / 4),
  };
  const displays = displaysOf(run, outputs);
  const note = noteOf(record, options.note);
  return {
    content: [
      {
        type: "text",
        text: [text.text, summaryOf(record, { session, isNewSession, note })].join(""),
      },
      ...displays.blocks,
      ...artifacts.map(linkOf),
    ],
    structuredContent: {
      session,
      new_session: isNewSession,
      run,
      status,
      stdout: parts.stdout.text,
      stderr: parts.stderr.text,
      result: parts.result?.text ?? null,
      error: error && {
        name: error.ename,
        message: cut(error.evalue, MAX_TRACEBACK).text,
        traceback: cut(tracebackText(error), MAX_TRACEBACK).text,
      },
      displays: displays.list,
      artifacts: [...artifacts],
      characters: all.length,
      complete: text.left === undefined && !record.outputsTruncated,
      seconds: usage && usage.wallMs / 1000,
      note: note ?? null,
    },
    isError: isFailure(record),
  };
}

function isFailure({ status }: ExecutionRecord): boolean {
  return !["ok", "queued", "running"].includes(status);
}

/** Says what the text of the outputs does not: the state of the run and where it runs. */
function summaryOf(
  { id: run, status, error, outputs }: ExecutionRecord,
  { session, isNewSession, note }: {
    session: string;
    isNewSession: boolean;
    note: string | undefined;
  },
): string {
  const shown = outputs.some(({ output_type }) => output_type === "error");
  const failure = error && !shown
    ? `${error.ename}: ${error.evalue.slice(0, MAX_TRACEBACK)}\n`
    : "";
  const facts = [
    `session: ${session}${isNewSession ? " (new)" : ""}`,
    `run: ${run}`,
    ...(status === "ok" ? [] : [`status: ${status}`]),
    ...(note === undefined ? [] : [note]),
  ];
  return `${failure}[${facts.join("; ")}]`;
}

function noteOf({ status, kernel, outputsTruncated }: ExecutionRecord, more: string | undefined) {
  const notes = [
    ...(status === "running"
      ? ["the run goes on: read_output waits for it and shows its output, interrupt stops it"]
      : []),
    ...(status === "queued"
      ? [
        "the run waits for an earlier one of this session, and goes on: read_output waits for both, " +
        "interrupt with the session's name stops the earlier one",
      ]
      : []),
    ...(kernel.statePreserved ? [] : ["the variables of the session are gone"]),
    ...(kernel.reason === null ? [] : [kernel.reason]),
    ...(outputsTruncated ? ["the run has printed more than is kept"] : []),
    ...(more === undefined ? [] : [more]),
  ];
  return notes.length === 0 ? undefined : notes.join("; ");
}

/** Lists rich outputs, and makes blocks of their images, or links where images would be too large. */
function displaysOf(run: string, outputs: readonly Output[]) {
  const list: z.infer<typeof runResultSchema>["displays"] = [];
  const blocks: ContentBlock[] = [];
  let size = 0;
  for (const [index, output] of outputs.entries()) {
    if (!("data" in output)) continue;
    const types = Object.keys(output.data).slice(0, MAX_TYPES).map((it) => it.slice(0, 100));
    if (types.every((type) => type === "text/plain") || list.length >= MAX_DISPLAYS) continue;
    const uri = outputUri(run, index);
    list.push({ index, types, uri });
    const image = imageOf(output.data);
    if (image && size + image.data.length <= MAX_IMAGES) {
      size += image.data.length;
      blocks.push({ type: "image", ...image } satisfies ImageContent);
    } else {
      blocks.push(
        {
          type: "resource_link",
          uri,
          name: `output-${index}`,
          description: `An output of the run, as ${types.join(", ")}`,
        } satisfies ResourceLink,
      );
    }
  }
  return { list, blocks };
}

function linkOf({ path, size, uri }: Artifact): ResourceLink {
  return { type: "resource_link", uri, name: path, size };
}
