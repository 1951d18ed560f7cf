import type { Conclusion } from "./live_execution.ts";
import type {
  ExecutionRecord,
  ExecutionStatus,
  ExecutionSummary,
  ListedExecution,
} from "./record.ts";

/** Chooses executions for a list. */
export interface ExecutionQuery {
  kernelId?: string | undefined;
  status?: ExecutionStatus | undefined;
  /** Only executions that are older than the one of this id. */
  before?: string | undefined;
  /** The most that are listed. */
  limit: number;
}

/** The events that are kept of a finished execution. */
export interface StoredEvents {
  /** The number of the first event. */
  first: number;
  /** The events as JSON. */
  lines: readonly string[];
}

/** Keeps executions: each is written when it is accepted and again when it is done. */
export interface ExecutionStore {
  /** Tells whether an execution of that id is kept. */
  has(id: string): Promise<boolean>;
  /** Writes an execution that a kernel has accepted. */
  insert(execution: ExecutionSummary): Promise<void>;
  /** Writes the end of an execution. */
  finish(conclusion: Conclusion, events: StoredEvents): Promise<void>;
  /** Returns the record of that id; undefined when none is kept. */
  get(id: string): Promise<ExecutionRecord | undefined>;
  /** Returns the record of that id as JSON; undefined when none is kept. */
  json(id: string): Promise<string | undefined>;
  /** Returns the events of a finished execution; undefined when it is not kept. */
  events(id: string): Promise<StoredEvents | undefined>;
  /** Lists executions, the newest first; fewer than the limit when they are large, but at least one. */
  list(query: ExecutionQuery): Promise<ListedExecution[]>;
}
