/**
 * The main module of a process kernel: its control thread. It owns the pipes and the interrupts, and
 * runs the interpreter in a worker behind it. Its parent believes nothing that it says.
 */
import process from "node:process";
import { messageOf } from "../../errors.ts";
import type {
  CallMethod,
  ExecuteReply,
  ExecuteRequest,
  HostEvent,
  KernelIdentity,
} from "../../host.ts";
import { readAssets } from "../../pyodide/child_assets.ts";
import type { PackageAnswer } from "../../packages/request.ts";
import { Channel, toWireError } from "../channel.ts";
import { encodeFrame, FrameDecoder } from "./frames.ts";
import type { ChildConfig, ChildMessage, ParentMessage } from "./protocol.ts";
import type { MessageParsers } from "../message_parsers.ts";
import type { WorkerMessage } from "../protocol.ts";
import { WorkerHost } from "../worker/host.ts";

/** The parent looks at every message, and would believe nothing that was looked at here. */
const UNCHECKED: MessageParsers = {
  workerMessage: (value) => value as WorkerMessage,
  hostEvent: (value) => value as HostEvent,
  executeReply: (value) => value as ExecuteReply,
  callReply: (_method, value) => value as never,
};

const READ_BYTES = 64 * 1024;

/** Waits when the parent does not read: so does Python then, once the output's ring is full. */
function send(message: ChildMessage, buffers: readonly Uint8Array[] = []): void {
  const frame = encodeFrame(message, buffers);
  try {
    for (let at = 0; at < frame.length;) at += Deno.stdout.writeSync(frame.subarray(at));
  } catch {
    Deno.exit(1); // The parent is gone.
  }
}

/** What the worker asks for is asked of the parent, which looks at it. */
const broker = new Channel((id, _name, args) => send({ type: "call", id, args }));

async function askForPackage(request: unknown): Promise<PackageAnswer> {
  return await broker.call("package", request) as PackageAnswer;
}

async function start(config: ChildConfig): Promise<WorkerHost> {
  const { kernelId, mounts, permissions, limits, env, cwd } = config;
  const assets = readAssets(config);
  const onEvent = (event: HostEvent) => {
    if ("buffers" in event) {
      send({ type: "event", event: { ...event, buffers: [] } }, event.buffers);
    } else send({ type: "event", event });
  };
  const source = {
    async assets() {
      const loaded = await assets;
      // Nothing needs to be read any more, and nothing of a stranger's has run yet.
      if (config.user) become(config.user);
      return loaded;
    },
  };
  const packages = config.packages ? askForPackage : undefined;
  const init = { kernelId, mounts, permissions, limits, env, cwd, onEvent, packages };
  const host = new WorkerHost(init, source, UNCHECKED);
  void host.exited.then((reason) => {
    send({ type: "exited", reason });
    Deno.exit(1);
  });
  await host.start();
  send({ type: "ready", memoryBytes: host.memoryBytes ?? 0 });
  return host;
}

function become({ uid, gid }: { uid: number; gid: number }): void {
  process.setgid!(gid);
  process.setuid!(uid);
}

async function answer(
  host: WorkerHost,
  name: string,
  args: unknown,
  buffers: Uint8Array[],
): Promise<unknown> {
  switch (name) {
    case "execute":
      return await host.execute(args as ExecuteRequest);
    case "configure":
      return await host.configure(args as KernelIdentity);
    case "interrupt":
      return await host.interrupt(args as string);
    case "ping":
      return await host.ping(args as number);
    default:
      return await host.call(name as CallMethod, args as never, buffers);
  }
}

async function serve(
  host: WorkerHost,
  message: ParentMessage,
  buffers: Uint8Array[],
): Promise<void> {
  if (message.type !== "call") return;
  const { id, name, args } = message;
  try {
    const value = await answer(host, name, args, buffers);
    const { bytes, ...rest } = (value ?? {}) as { bytes?: Uint8Array };
    const memoryBytes = host.memoryBytes ?? 0;
    if (bytes) send({ type: "return", id, value: rest, memoryBytes }, [bytes]);
    else send({ type: "return", id, value: value ?? null, memoryBytes });
  } catch (error) {
    send({ type: "throw", id, error: toWireError(error) });
  }
}

async function main(): Promise<void> {
  const decoder = new FrameDecoder(2 ** 31);
  let host: Promise<WorkerHost> | undefined;
  const chunk = new Uint8Array(READ_BYTES);
  for (let size; (size = await Deno.stdin.read(chunk)) !== null;) {
    for (const { message, buffers } of decoder.decode(chunk.slice(0, size))) {
      const asked = message as ParentMessage;
      if (asked.type === "return") {
        broker.return(asked.id, { ...Object(asked.value), bytes: new Uint8Array(buffers[0]!) });
      } else if (asked.type === "throw") {
        broker.throw(asked.id, asked.error);
      } else if (asked.type === "start") {
        host = start(asked.config);
        host.catch((error) => {
          send({ type: "exited", reason: messageOf(error) });
          Deno.exit(1);
        });
      } else void host?.then((it) => serve(it, asked, buffers));
    }
  }
  Deno.exit(0); // The parent is gone, or wants this.
}

await main();
