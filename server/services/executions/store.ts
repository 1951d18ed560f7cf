import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { NumberedEvent } from "./event_log.ts";
import {
  type ExecutionRecord,
  type ExecutionStatus,
  type ExecutionSummary,
  noOutcome,
  withoutOutputs,
} from "../../apis/native/schemas/execution.ts";

/** How long finished executions are kept. */
export interface Retention {
  /** At most this many milliseconds after they ended. */
  maxAgeMs: number;
  /** At most this many, the newest ones. */
  maxCount: number;
  /** At most this much, in characters of JSON, the newest ones. */
  maxBytes: number;
}

/** Which executions to list. */
export interface ExecutionQuery {
  kernelId?: string | undefined;
  status?: ExecutionStatus | undefined;
  limit: number;
}

/** The events that are kept of a finished execution, as JSON; `first` is the number of the first. */
export interface StoredEvents {
  first: number;
  lines: readonly string[];
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS executions (
    id TEXT PRIMARY KEY,
    kernel_id TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    summary TEXT NOT NULL,
    outputs TEXT NOT NULL DEFAULT '[]',
    first_event INTEGER NOT NULL DEFAULT 1,
    events TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS by_kernel ON executions (kernel_id, created_at);
  CREATE INDEX IF NOT EXISTS by_end ON executions (finished_at);
`;
/** Of the layout above; another one makes the file unreadable for this version. */
const SCHEMA_VERSION = 1;
/** How many executions may end before old ones are looked for. */
const PRUNE_EVERY = 100;
/** The part of what may be kept that may come in addition before old ones are looked for. */
const PRUNE_PART = 0.1;

/**
 * The executions that outlive the process: each is written when it is asked for and again when it is
 * done, in an SQLite file that one server at a time may use.
 */
export class ExecutionStore implements Disposable {
  readonly #database: DatabaseSync;
  readonly #retention: Retention;
  readonly #statements: Record<keyof typeof STATEMENTS, StatementSync>;
  #untilPrune = 0;
  #bytesUntilPrune = 0;

  /** In `directory`, which is made if needed, or in memory. */
  constructor(directory: string | undefined, retention: Retention) {
    this.#retention = retention;
    this.#database = openDatabase(directory);
    this.#statements = prepareAll(this.#database);
    this.#markLost();
    this.prune();
  }

  /** Whether there is one of that id. */
  has(id: string): boolean {
    return this.#statements.has.get(id) !== undefined;
  }

  /** Writes an execution that was asked for. */
  insert(execution: ExecutionSummary): void {
    this.#statements.insert.run(
      execution.id,
      execution.kernelId,
      execution.status,
      Date.parse(execution.createdAt),
      JSON.stringify(execution),
    );
  }

  /** Writes how an execution ended. */
  finish(execution: ExecutionRecord, events: StoredEvents): void {
    const summary = JSON.stringify(withoutOutputs(execution));
    const outputs = JSON.stringify(execution.outputs);
    const lines = events.lines.join("\n");
    const size = summary.length + outputs.length + lines.length;
    this.#statements.finish.run(
      execution.status,
      Date.parse(execution.finishedAt ?? new Date().toISOString()),
      summary,
      outputs,
      events.first,
      lines,
      size,
      execution.id,
    );
    this.#bytesUntilPrune -= size;
    if (--this.#untilPrune <= 0 || this.#bytesUntilPrune <= 0) this.prune();
  }

  /** The execution of that id. */
  get(id: string): ExecutionRecord | undefined {
    const row = this.#statements.get.get(id);
    // Both were written by `insert` or `finish`.
    return row && {
      ...JSON.parse(row["summary"] as string),
      outputs: JSON.parse(row["outputs"] as string),
    };
  }

  /** The events of a finished execution. */
  events(id: string): StoredEvents | undefined {
    const row = this.#statements.events.get(id);
    if (!row) return undefined;
    const lines = row["events"] as string;
    return {
      first: row["first_event"] as number,
      lines: lines === "" ? [] : lines.split("\n"),
    };
  }

  /** The newest executions first. */
  list({ kernelId, status, limit }: ExecutionQuery): ExecutionSummary[] {
    return this.#statements.list.all(kernelId ?? null, status ?? null, limit)
      .map((row) => JSON.parse(row["summary"] as string));
  }

  /** Removes what is older or more than is to be kept. */
  prune(): void {
    this.#untilPrune = PRUNE_EVERY;
    this.#bytesUntilPrune = this.#retention.maxBytes * PRUNE_PART;
    this.#statements.pruneAge.run(Date.now() - this.#retention.maxAgeMs);
    this.#statements.pruneCount.run(this.#retention.maxCount);
    this.#statements.pruneSize.run(this.#retention.maxBytes);
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** What a former server left unfinished will never be finished, and nobody knows how far it came. */
  #markLost(): void {
    for (const row of this.#statements.unfinished.all()) {
      const summary: ExecutionSummary = {
        ...JSON.parse(row["summary"] as string),
        status: "lost",
        error: noOutcome("ExecutionLost", "The server ended before the execution did"),
        kernel: { statePreserved: false, restarted: false, reason: "the server ended" },
        lastEvent: 1,
        finishedAt: new Date().toISOString(),
      };
      const { id: executionId, kernelId } = summary;
      const done: NumberedEvent = {
        seq: 1,
        type: "done",
        kernelId,
        executionId,
        execution: summary,
      };
      this.finish({ ...summary, outputs: [] }, { first: 1, lines: [JSON.stringify(done)] });
    }
  }
}

const STATEMENTS = {
  insert: `INSERT INTO executions (id, kernel_id, status, created_at, summary)
    VALUES (?, ?, ?, ?, ?)`,
  has: "SELECT 1 FROM executions WHERE id = ?",
  finish: `UPDATE executions SET status = ?, finished_at = ?, summary = ?, outputs = ?,
    first_event = ?, events = ?, size = ? WHERE id = ?`,
  get: "SELECT summary, outputs FROM executions WHERE id = ?",
  events: "SELECT first_event, events FROM executions WHERE id = ?",
  list: `SELECT summary FROM executions
    WHERE (?1 IS NULL OR kernel_id = ?1) AND (?2 IS NULL OR status = ?2)
    ORDER BY created_at DESC, rowid DESC LIMIT ?3`,
  unfinished: "SELECT summary FROM executions WHERE finished_at IS NULL",
  pruneAge: "DELETE FROM executions WHERE finished_at < ?",
  pruneCount: `DELETE FROM executions WHERE rowid IN (
    SELECT rowid FROM executions WHERE finished_at IS NOT NULL
    ORDER BY finished_at DESC LIMIT -1 OFFSET ?)`,
  pruneSize: `DELETE FROM executions WHERE rowid IN (
    SELECT rowid FROM (
      SELECT rowid, SUM(size) OVER (ORDER BY finished_at DESC, rowid DESC) AS total
      FROM executions WHERE finished_at IS NOT NULL)
    WHERE total > ?)`,
};

function prepareAll(database: DatabaseSync): Record<keyof typeof STATEMENTS, StatementSync> {
  const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(prepared);
}

/** @throws {Error} saying what is wrong with the directory or the file. */
function openDatabase(directory: string | undefined): DatabaseSync {
  if (directory === undefined) return withSchema(new DatabaseSync(":memory:"), ":memory:");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "executions.sqlite");
  const database = new DatabaseSync(path);
  try {
    // One server at a time: another would take our running executions for lost ones.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
    // A crash of the machine may lose the newest records, one of the process none.
    database.exec("PRAGMA synchronous = NORMAL");
    return withSchema(database, path);
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked/.test(error.message)) {
      throw new Error(`Cannot open ${path}: another server uses it; give each its own DATA_DIR`, {
        cause: error,
      });
    }
    throw error;
  }
}

function withSchema(database: DatabaseSync, path: string): DatabaseSync {
  const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
  if (version !== 0 && version !== SCHEMA_VERSION) {
    throw new Error(
      `Cannot open ${path}: it has layout ${version}, and this version knows ${SCHEMA_VERSION}; ` +
        "move the file away",
    );
  }
  database.exec(SCHEMA);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  return database;
}
