import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ownerOf } from "../namespaces/scope.ts";
import { doneJson, joinedRecordJson, outputsJson, summaryJson } from "./json.ts";
import type { Conclusion } from "./live_execution.ts";
import {
  type ExecutionRecord,
  type ExecutionSummary,
  listed,
  type ListedExecution,
} from "./record.ts";
import type { ExecutionQuery, ExecutionStore, StoredEvents } from "./store.ts";

/** The bounds of what is kept of finished executions; beyond them the oldest go. */
export interface Retention {
  /** The longest time since the end, in milliseconds. */
  maxAgeMs: number;
  /** The most executions. */
  maxCount: number;
  /** The most JSON, in characters. */
  maxBytes: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS executions (
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    kernel_id TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    summary TEXT NOT NULL,
    outputs TEXT NOT NULL DEFAULT '[]',
    first_event INTEGER NOT NULL DEFAULT 1,
    events TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (id, owner)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS by_kernel ON executions (kernel_id, created_at);
  CREATE INDEX IF NOT EXISTS by_owner ON executions (owner, created_at);
  CREATE INDEX IF NOT EXISTS by_end ON executions (finished_at);
`;
/** The version of the layout above; a file of a later version cannot be read. */
const SCHEMA_VERSION = 2;
/** Brings a file of the first version, whose executions had no owners, to the layout above. */
const FROM_FIRST_VERSION = `
  ALTER TABLE executions RENAME TO former;
  DROP INDEX by_kernel;
  DROP INDEX by_end;
  ${SCHEMA}
  INSERT INTO executions
    SELECT id, owner_of(kernel_id), kernel_id, status, created_at, finished_at, summary, outputs,
      first_event, events, size
    FROM former ORDER BY rowid;
  DROP TABLE former;
`;
/** The number of executions that may end between two searches for old ones. */
const PRUNE_EVERY = 100;
/** The most JSON that is read for one list, in characters. */
const MAX_LISTED_SIZE = 8 * 2 ** 20;
/** The part of `maxBytes` that may be added between two searches for old executions. */
const PRUNE_PART = 0.1;

/**
 * Keeps executions in an SQLite file, which one server at a time may use, so that they outlive the
 * process. SQLite answers at once: what is written when a call returns survives the process.
 */
export class SqliteExecutionStore implements ExecutionStore, Disposable {
  readonly #database: DatabaseSync;
  readonly #retention: Retention;
  readonly #statements: Record<keyof typeof STATEMENTS, StatementSync>;
  #untilPrune = 0;
  #bytesUntilPrune = 0;

  /** Keeps the file in `directory`, which is made if needed, or everything in memory. */
  constructor(directory: string | undefined, retention: Retention) {
    this.#retention = retention;
    this.#database = openDatabase(directory);
    this.#statements = prepareAll(this.#database);
    this.#markLost();
    this.prune();
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async has(id: string, owner?: string): Promise<boolean> {
    return this.#owner(id, owner) !== undefined;
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async owner(id: string, owner?: string): Promise<string | undefined> {
    return this.#owner(id, owner);
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async insert(execution: ExecutionSummary): Promise<void> {
    this.#statements.insert.run(
      execution.id,
      ownerOf(execution.kernelId),
      execution.kernelId,
      execution.status,
      Date.parse(execution.createdAt),
      summaryJson(execution),
    );
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async finish(conclusion: Conclusion, events: StoredEvents): Promise<void> {
    this.#finish(conclusion, events);
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async get(id: string, owner = ""): Promise<ExecutionRecord | undefined> {
    const json = this.#json(id, owner);
    return json === undefined ? undefined : withOrigin<ExecutionRecord>(json);
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async json(id: string, owner = ""): Promise<string | undefined> {
    return this.#json(id, owner);
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async events(id: string, owner = ""): Promise<StoredEvents | undefined> {
    const row = this.#statements.events.get(id, owner);
    if (!row) return undefined;
    const lines = row["events"] as string;
    return {
      first: row["first_event"] as number,
      lines: lines === "" ? [] : lines.split("\n"),
    };
  }

  // deno-lint-ignore require-await -- other stores have to wait
  async list(query: ExecutionQuery): Promise<ListedExecution[]> {
    const { kernelId = null, status = null, before = null, limit, owner = null } = query;
    const found: ListedExecution[] = [];
    let size = 0;
    for (const row of this.#statements.list.iterate(kernelId, status, limit, before, owner)) {
      size += row["size"] as number;
      if (found.length > 0 && size > MAX_LISTED_SIZE) break;
      found.push(listed(withOrigin<ExecutionSummary>(row["summary"] as string)));
    }
    return found;
  }

  /** Removes the executions that are beyond the bounds. */
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

  #owner(id: string, owner: string | undefined): string | undefined {
    return this.#statements.owner.get(id, owner ?? null)?.["owner"] as string | undefined;
  }

  #json(id: string, owner: string): string | undefined {
    const row = this.#statements.get.get(id, owner);
    // Both were written by `insert` or `finish`.
    return row && joinedRecordJson(row["summary"] as string, row["outputs"] as string);
  }

  #finish({ record, summary, outputs }: Conclusion, { first, lines }: StoredEvents): void {
    const events = lines.join("\n");
    const size = summary.length + outputs.length + events.length;
    const finishedAt = Date.parse(record.finishedAt ?? new Date().toISOString());
    this.#statements.finish
      .run(
        ...[record.status, finishedAt, summary, outputs, first, events, size],
        ...[record.id, ownerOf(record.kernelId)],
      );
    this.#bytesUntilPrune -= size;
    if (--this.#untilPrune <= 0 || this.#bytesUntilPrune <= 0) this.prune();
  }

  /** Marks what a former server left unfinished: it will never be finished. */
  #markLost(): void {
    for (const row of this.#statements.unfinished.all()) {
      const before = withOrigin<ExecutionSummary>(row["summary"] as string);
      const record: ExecutionRecord = {
        ...before,
        status: "lost",
        outputs: [],
        error: {
          ename: "ExecutionLost",
          evalue: "The server ended before the execution did",
          traceback: [],
        },
        kernel: { statePreserved: false, restarted: false, reason: "the server ended" },
        lastEvent: 1,
        finishedAt: new Date().toISOString(),
      };
      const { outputs, ...rest } = record;
      const summary = summaryJson(rest);
      const events = { first: 1, lines: [doneJson(1, record, summary)] };
      this.#finish({ record, summary, outputs: outputsJson(outputs) }, events);
    }
  }
}

/** Reads what `insert` or `finish` wrote; earlier versions did not write the origin. */
function withOrigin<T extends ExecutionSummary>(json: string): T {
  return { origin: "native", tool: null, ...JSON.parse(json) };
}

const STATEMENTS = {
  insert: `INSERT INTO executions (id, owner, kernel_id, status, created_at, summary)
    VALUES (?, ?, ?, ?, ?, ?)`,
  // Those without an owner come first.
  owner: `SELECT owner FROM executions WHERE id = ?1 AND (?2 IS NULL OR owner = ?2)
    ORDER BY owner LIMIT 1`,
  finish: `UPDATE executions SET status = ?, finished_at = ?, summary = ?, outputs = ?,
    first_event = ?, events = ?, size = ? WHERE id = ? AND owner = ?`,
  get: "SELECT summary, outputs FROM executions WHERE id = ? AND owner = ?",
  events: "SELECT first_event, events FROM executions WHERE id = ? AND owner = ?",
  // The values are taken out here: they may be large, and a list does not show them.
  list: `SELECT length(summary) AS size,
      json_remove(summary, '$.result', '$.userExpressions', '$.payload') AS summary
    FROM executions
    WHERE (?1 IS NULL OR kernel_id = ?1) AND (?2 IS NULL OR status = ?2)
      AND (?5 IS NULL OR owner = ?5)
      AND (?4 IS NULL
        OR (created_at, rowid) < (SELECT created_at, rowid FROM executions
          WHERE id = ?4 AND (?5 IS NULL OR owner = ?5) ORDER BY owner LIMIT 1))
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

/**
 * Opens the file.
 *
 * @throws {Error} saying what is wrong with the directory or the file.
 */
function openDatabase(directory: string | undefined): DatabaseSync {
  if (directory === undefined) return withSchema(new DatabaseSync(":memory:"), ":memory:");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "executions.sqlite");
  const database = new DatabaseSync(path);
  try {
    // One server at a time: another would take our running executions for lost ones.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
    // A crash of the machine may lose the newest records; a crash of the process loses none.
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
  if (version === 1) {
    database.function("owner_of", { deterministic: true }, (id) => ownerOf(String(id)));
    database.exec(`BEGIN; ${FROM_FIRST_VERSION}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
    return database;
  }
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
