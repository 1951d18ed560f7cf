import { type Signal, signal } from "@preact/signals";
import type { LastRun } from "../../services/notebooks/dependencies/stale.ts";
import type { Attachments } from "../../services/notebooks/format/attachments.ts";
import { statedCellLanguage } from "../../services/notebooks/format/cell_language.ts";
import type { CellOutput } from "./output_schema.ts";

/** The type of a cell, as in the notebook format. */
export type CellType = "code" | "markdown" | "raw";

/** The progress of a code cell: `queued` cells wait for the kernel. */
export type CellState = "idle" | "queued" | "running";

/** An `InputRequest` is a call of `input()` that waits for the reader's answer. */
export interface InputRequest {
  requestId: string;
  prompt: string;
  password: boolean;
}

/**
 * A `Cell` holds each of its parts in a signal, so that a view renders again only for the parts
 * that it shows.
 */
export interface Cell {
  /** The cell's id in the notebook format. */
  id: string;
  type: Signal<CellType>;
  /** The language of its code; null: the notebook's. */
  language: Signal<string | null>;
  source: Signal<string>;
  outputs: Signal<CellOutput[]>;
  executionCount: Signal<number | null>;
  state: Signal<CellState>;
  /** True if a cell that runs waits for its next turn too. */
  runsAgain: Signal<boolean>;
  /** The id of the execution that fills the outputs; null if none runs. */
  executionId: Signal<string | null>;
  inputRequest: Signal<InputRequest | null>;
  /** The names of the packages that are being installed for this cell. */
  installing: Signal<string[]>;
  /** The duration of the last run, in milliseconds. */
  duration: Signal<number | null>;
  /** The resources that the last run used. */
  usage: Signal<RunUsage | null>;
  /** The time at which the last run began, in milliseconds since the epoch; null before the first one. */
  startedAt: Signal<number | null>;
  /** The source of the last run in the present kernel, and its place among all runs; null if there is none. */
  lastRun: Signal<LastRun | null>;
  outputsCollapsed: Signal<boolean>;
  /** True if a Markdown cell shows its source instead of the rendered text. */
  editing: Signal<boolean>;
  metadata: Record<string, unknown>;
  /** The images of its text by name; undefined if it has none. */
  attachments: Signal<Attachments | undefined>;
  /** The members of the cell in its file that the page does not know. */
  extra: Record<string, unknown>;
}

/** The resources that a run used, as far as the kernel can measure them. */
export interface RunUsage {
  /** Processor time, in milliseconds. */
  cpuMs: number | null;
  /** The most memory that the kernel had at a time. */
  peakMemoryBytes: number | null;
}

/** Initial values for {@linkcode createCell}. */
export interface CellInit {
  id?: string | undefined;
  source?: string;
  outputs?: CellOutput[];
  executionCount?: number | null;
  metadata?: Record<string, unknown>;
  attachments?: Attachments | undefined;
  extra?: Record<string, unknown>;
}

/** Creates a cell, with a new id if none is given. */
export function createCell(type: CellType, init: CellInit = {}): Cell {
  const { source = "", metadata = {} } = init;
  return {
    id: init.id ?? crypto.randomUUID().slice(0, 8),
    type: signal(type),
    language: signal(statedCellLanguage(metadata)),
    source: signal(source),
    outputs: signal(init.outputs ?? []),
    executionCount: signal(init.executionCount ?? null),
    state: signal<CellState>("idle"),
    runsAgain: signal(false),
    executionId: signal<string | null>(null),
    inputRequest: signal<InputRequest | null>(null),
    installing: signal<string[]>([]),
    duration: signal<number | null>(null),
    usage: signal<RunUsage | null>(null),
    startedAt: signal<number | null>(null),
    lastRun: signal<LastRun | null>(null),
    outputsCollapsed: signal(metadata["collapsed"] === true),
    editing: signal(type === "markdown" && source === ""),
    metadata,
    attachments: signal(init.attachments),
    extra: init.extra ?? {},
  };
}
