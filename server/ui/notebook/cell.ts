import { type Signal, signal } from "@preact/signals";
import type { Output } from "../api/types.ts";

/** What a cell is. */
export type CellType = "code" | "markdown" | "raw";

/** What a code cell is doing. */
export type CellState = "idle" | "queued" | "running";

/** A question of `input()` that waits for an answer. */
export interface InputRequest {
  requestId: string;
  prompt: string;
  password: boolean;
}

/** A cell, its parts as signals so that a view follows just what it shows. */
export interface Cell {
  /** As in the notebook format. */
  id: string;
  type: Signal<CellType>;
  source: Signal<string>;
  outputs: Signal<Output[]>;
  executionCount: Signal<number | null>;
  state: Signal<CellState>;
  /** The execution that fills the outputs, while it is not done. */
  executionId: Signal<string | null>;
  inputRequest: Signal<InputRequest | null>;
  /** The packages that are being installed for it. */
  installing: Signal<string[]>;
  /** How long the last run took, in milliseconds. */
  duration: Signal<number | null>;
  outputsCollapsed: Signal<boolean>;
  /** Whether a markdown cell is shown as text to edit. */
  editing: Signal<boolean>;
  metadata: Record<string, unknown>;
  attachments: Record<string, unknown> | undefined;
}

/** What a new cell starts with. */
export interface CellInit {
  id?: string | undefined;
  source?: string;
  outputs?: Output[];
  executionCount?: number | null;
  metadata?: Record<string, unknown>;
  attachments?: Record<string, unknown> | undefined;
}

/** A new cell. */
export function createCell(type: CellType, init: CellInit = {}): Cell {
  const { source = "", metadata = {} } = init;
  return {
    id: init.id ?? crypto.randomUUID().slice(0, 8),
    type: signal(type),
    source: signal(source),
    outputs: signal(init.outputs ?? []),
    executionCount: signal(init.executionCount ?? null),
    state: signal<CellState>("idle"),
    executionId: signal<string | null>(null),
    inputRequest: signal<InputRequest | null>(null),
    installing: signal<string[]>([]),
    duration: signal<number | null>(null),
    outputsCollapsed: signal(metadata["collapsed"] === true),
    editing: signal(type === "markdown" && source === ""),
    metadata,
    attachments: init.attachments,
  };
}
