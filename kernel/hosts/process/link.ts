import { setImmediate } from "node:timers/promises";
import { delay } from "../../deadline.ts";
import { messageOf } from "../../errors.ts";
import type { Envelope, HostMessage } from "../protocol.ts";
import type { FrameTurns } from "./frame_turns.ts";
import { encodeFrame, FrameDecoder, KERNEL_MESSAGE, parseFrame } from "./frames.ts";
import type { ProcessStart } from "./messages.ts";

/** The time for which one process may keep this thread before others get their turn, in milliseconds. */
const TURN_MS = 5;
/** The size of a frame besides the output of one execution, in bytes. */
const MESSAGE_BASE_BYTES = 16 * 2 ** 20;
/** The part of the process's error output that is kept, in bytes: the end of it. */
const KEPT_ERROR_BYTES = 4_096;

/** The status of a kernel's process that was told to end by SIGTERM. */
export const SIGTERM_STATUS = 143;

/** Options for {@linkcode ProcessLink}. */
export interface ProcessLinkOptions {
  /** The output of one execution, in bytes. */
  outputBytes: number;
  /** Shares this thread with the frames of other processes. */
  turns: FrameTurns;
  /** Receives each message as the process has sent it, unchecked. */
  onMessage: (envelope: Envelope<unknown>) => void;
  /** Called when the process sends bytes that are not messages. */
  onViolation: (reason: string) => void;
}

/** The pipes to one process: it writes frames, reads frames, and bounds what it takes. */
export class ProcessLink {
  /** Resolves with the reason when the process is gone and its pipes are read. */
  readonly gone: Promise<string>;
  readonly #options: ProcessLinkOptions;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  /** The bytes that the process has sent since the last cell began. */
  #received = 0;
  #errorOutput = "";
  #closed = false;

  /** Reads from now on. */
  constructor(child: Deno.ChildProcess, options: ProcessLinkOptions) {
    this.#options = options;
    this.#input = child.stdin.getWriter();
    this.#input.closed.catch(() => {}); // The status of the process tells its end.
    this.gone = this.#follow(child);
  }

  /** Resolves when the pipe has taken the message; rejects when the process is gone. */
  send(message: HostMessage<ProcessStart>, buffers?: readonly Uint8Array[]): Promise<void> {
    return this.#input.write(encodeFrame(message, buffers));
  }

  /** Gives a cell that begins the whole allowance of output, whatever earlier cells have used. */
  resetFlood(): void {
    this.#received = 0;
  }

  /** Stops handing on messages, and closes the process's input. */
  close(): void {
    this.#closed = true;
    this.#input.abort().catch(() => {});
  }

  async #follow(child: Deno.ChildProcess): Promise<string> {
    const [status] = await Promise.all([
      child.status,
      this.#readMessages(child.stdout),
      this.#readErrors(child.stderr),
    ]);
    return endReason(status, this.#errorOutput);
  }

  async #readMessages(output: ReadableStream<Uint8Array>): Promise<void> {
    const { outputBytes, turns, onMessage, onViolation } = this.#options;
    const mostBytes = outputBytes + MESSAGE_BASE_BYTES;
    const decoder = new FrameDecoder(mostBytes);
    try {
      for await (const chunk of output) {
        if (this.#closed) continue; // The chunk was left in the pipe of a process that was killed.
        let busyMs = 0;
        let turnMs = 0;
        for (const frame of decoder.decode(chunk)) {
          await turns.take(frame.length);
          if (this.#closed) break;
          const begin = performance.now();
          onMessage(parseFrame(frame, KERNEL_MESSAGE));
          const tookMs = performance.now() - begin;
          busyMs += tookMs;
          turnMs += tookMs;
          if (turnMs < TURN_MS) continue;
          turnMs = 0;
          await setImmediate();
        }
        // A process that floods its output gets at most half of this thread's time: its pipe fills
        // meanwhile, and the process has to wait.
        this.#received += chunk.length;
        if (this.#received > 2 * mostBytes) await delay(busyMs);
      }
    } catch (error) {
      onViolation(`it sent a message that is not in the protocol: ${messageOf(error)}`);
      await output.cancel().catch(() => {});
    }
  }

  async #readErrors(output: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of output) {
      const text = decoder.decode(chunk.subarray(-KEPT_ERROR_BYTES));
      this.#errorOutput = (this.#errorOutput + text).slice(-KEPT_ERROR_BYTES);
    }
  }
}

/** Explains why a process has ended, from its status and its error output. */
function endReason({ code, signal }: Deno.CommandStatus, errorOutput: string): string {
  if (/out of memory|heap limit|Failed to reserve/i.test(errorOutput)) {
    return "memory limit: its JavaScript engine ran out of memory";
  }
  const name = signal ?? signalOf(code, errorOutput);
  if (name !== undefined) return `its process was ended by ${name}`;
  const lines = errorOutput.trim().split("\n").slice(-3).join(" ");
  return `its process ended with status ${code}${lines ? `: ${lines}` : ""}`;
}

/** Finds the signal that ended the kernel's process; `unshare`, its parent, only passes a status on. */
function signalOf(code: number, errorOutput: string): Deno.Signal | undefined {
  if (code === SIGTERM_STATUS) return "SIGTERM";
  // `unshare` ends itself by the same signal, and complains of one that it cannot unblock.
  return /^unshare: .*unblock.*$/m.test(errorOutput) ? "SIGKILL" : undefined;
}
