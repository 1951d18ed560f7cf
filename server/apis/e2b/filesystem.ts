import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../../../kernel/mod.ts";
import { KernelError } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import type { Sandbox } from "../../services/sandboxes/sandbox.ts";
import { type DirectoryChange, DirectoryWatcher } from "../../services/sandboxes/watcher.ts";
import { readJson } from "./body.ts";
import { connectError, failedStream, messageStream, readMessage } from "./connect.ts";
import { enter } from "./door.ts";
import { entryInfo, listTree } from "./entries.ts";
import { answerFailures } from "./errors.ts";
import { move } from "./files.ts";
import { pathSchema } from "./paths.ts";

/** The time between two looks at a directory, in milliseconds. */
const WATCH_INTERVAL_MS = 250;
/** The most watchers of one sandbox. */
const MAX_WATCHERS = 100;
/** The deepest tree that is listed or watched. */
const MAX_DEPTH = 100;

const EVENTS: Readonly<Record<DirectoryChange["kind"], string>> = {
  create: "EVENT_TYPE_CREATE",
  write: "EVENT_TYPE_WRITE",
  remove: "EVENT_TYPE_REMOVE",
};

const pathOnly = z.object({ path: pathSchema });
const listSchema = z.object({
  path: pathSchema,
  depth: z.int().min(0).max(MAX_DEPTH).default(1).transform((it) => it || 1),
});
const moveSchema = z.object({ source: pathSchema, destination: pathSchema });
const watchSchema = z.object({ path: pathSchema, recursive: z.boolean().default(false) });
const watcherSchema = z.object({ watcherId: z.string().max(100) });

/** The calls of the service `filesystem.Filesystem`. */
export function filesystemRoutes({ sandboxes, facts, clock }: Services): Hono<ServerEnv> {
  const { maxBodyBytes } = facts.limits;
  const router = new Hono<ServerEnv>();
  /** The watchers that are asked for their events; they end with their sandboxes. */
  const watchers = new WeakMap<Sandbox, Map<string, DirectoryWatcher>>();
  answerFailures(router, connectError);

  /** Registers a call that gets one message and answers with one. */
  function unary<T extends z.ZodType>(
    name: string,
    schema: T,
    answer: (sandbox: Sandbox, message: z.output<T>) => Promise<Record<string, unknown>>,
  ): void {
    router.post(`/filesystem.Filesystem/${name}`, async (c) => {
      const sandbox = enter(c, sandboxes, "files");
      return c.json(await answer(sandbox, await readJson(schema, c.req.raw, maxBodyBytes)));
    });
  }

  unary("Stat", pathOnly, async (sandbox, { path }) => ({
    entry: entryInfo(await (await sandbox.files()).stat(path)),
  }));
  unary("ListDir", listSchema, async (sandbox, { path, depth }) => ({
    entries: (await listTree(await sandbox.files(), path, depth)).map(entryInfo),
  }));
  unary("MakeDir", pathOnly, async (sandbox, { path }) => ({
    entry: entryInfo(await (await sandbox.files()).makeDirectory(path)),
  }));
  unary("Move", moveSchema, async (sandbox, { source, destination }) => ({
    entry: entryInfo(await move(await sandbox.files(), source, destination)),
  }));
  unary("Remove", pathOnly, async (sandbox, { path }) => {
    // As with E2B, what is not there counts as removed.
    await (await sandbox.files()).remove(path, { recursive: true }).catch((error) => {
      if (!(error instanceof KernelError && error.code === "not_found")) throw error;
    });
    return {};
  });
  unary("CreateWatcher", watchSchema, async (sandbox, options) => {
    const own = watchers.get(sandbox) ?? new Map<string, DirectoryWatcher>();
    watchers.set(sandbox, own);
    if (own.size >= MAX_WATCHERS) {
      throw new HttpError(
        429,
        "limit_exceeded",
        `Cannot watch "${options.path}": a sandbox has ${MAX_WATCHERS} watchers at most`,
      );
    }
    const watcherId = crypto.randomUUID();
    own.set(watcherId, await startWatcher(sandbox, options));
    return { watcherId };
  });
  unary("GetWatcherEvents", watcherSchema, async (sandbox, { watcherId }) => {
    const watcher = watchers.get(sandbox)?.get(watcherId);
    if (!watcher) {
      throw new HttpError(404, "not_found", `watcher with id ${watcherId} not found`);
    }
    return { events: (await watcher.changes()).map(filesystemEvent) };
  });
  unary("RemoveWatcher", watcherSchema, (sandbox, { watcherId }) => {
    if (watchers.get(sandbox)?.delete(watcherId)) return Promise.resolve({});
    throw new HttpError(404, "not_found", `watcher with id ${watcherId} not found`);
  });

  router.post("/filesystem.Filesystem/WatchDir", async (c: Context<ServerEnv>) => {
    try {
      const sandbox = enter(c, sandboxes, "files");
      const options = await readMessage(watchSchema, c.req.raw, maxBodyBytes);
      const watcher = await startWatcher(sandbox, options);
      return messageStream((signal) => watched(watcher, clock, signal));
    } catch (error) {
      return failedStream(error);
    }
  });
  return router;
}

async function startWatcher(
  sandbox: Sandbox,
  { path, recursive }: z.output<typeof watchSchema>,
): Promise<DirectoryWatcher> {
  const depth = recursive ? MAX_DEPTH : 1;
  const list = async () => await listTree(await sandbox.files(), path, depth);
  const watcher = new DirectoryWatcher(path, list);
  await watcher.start();
  return watcher;
}

function filesystemEvent({ name, kind }: DirectoryChange) {
  return { name, type: EVENTS[kind] };
}

async function* watched(
  watcher: DirectoryWatcher,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  yield { start: {} };
  while (await passed(clock, WATCH_INTERVAL_MS, signal)) {
    for (const change of await watcher.changes()) yield { filesystem: filesystemEvent(change) };
  }
}

/** Resolves with true after `ms`, with false when the signal aborts. */
async function passed(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  using _timer = clock.after(ms, () => resolve(true));
  const stop = () => resolve(false);
  signal.addEventListener("abort", stop, { once: true });
  const went = await promise;
  signal.removeEventListener("abort", stop);
  return went;
}
