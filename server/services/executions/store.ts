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
  /** Only executions of this owner. */
  owner?: string | undefined;
}

/** The events that are kept of a finished execution. */
export interface StoredEvents {
  /** The number of the first event. */
  first: number;
  /** The events as JSON. */
  lines: readonly string[];
}

/**
 * Keeps executions: each is written when it is accepted and again when it is done. It belongs to the owner of
 * its kernel, and two owners can have executions of one id; by default those without an owner are meant.
 */
export interface ExecutionStore {
  /** Tells whether an execution of that id is kept: of the given owner, or of anybody. */
  has(id: string, owner?: string): Promise<boolean>;
  /** Returns whose execution of that id is kept: the given owner's, or anybody's; undefined: nobody's. */
  owner(id: string, owner?: string): Promise<string | undefined>;
  /** Writes an execution that a kernel has accepted. */
  insert(execution: ExecutionSummary): Promise<void>;
  /** Writes the end of an execution. */
  finish(conclusion: Conclusion, events: StoredEvents): Promise<void>;
  /** Returns the record of that id; undefined when none is kept. */
  get(id: string, owner?: string): Promise<ExecutionRecord | undefined>;
  /** Returns the record of that id as JSON; undefined when none is kept. */
  json(id: string, owner?: string): Promise<string | undefined>;
  /** Returns the events of a finished execution; undefined when it is not kept. */
  events(id: string, owner?: string): Promise<StoredEvents | undefined>;
  /** Lists executions, the newest first; fewer than the limit when they are large, but at least one. */
  list(query: ExecutionQuery): Promise<ListedExecution[]>;
}
