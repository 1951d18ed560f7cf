import { setImmediate } from "node:timers";
// @ts-types="./ws.d.ts"
import type { WebSocket } from "ws";

/** The time for one client's messages after which everything else of this process comes, in milliseconds. */
const TURN_MS = 5;
/** The bytes that wait for a client at most: one that asks and never reads is disconnected. */
const MAX_WAITING_BYTES = 128 * 2 ** 20;

/**
 * Keeps a client from taking all of this process: its messages are read for a while, and then wait until everything
 * else has had its turn. It has to come before the listeners that take the messages.
 */
export function readInTurns(socket: WebSocket): void {
  let begun: number | undefined;
  const onFrame = () => {
    if (socket.bufferedAmount > MAX_WAITING_BYTES) return socket.terminate();
    const now = performance.now();
    if (begun === undefined) {
      begun = now;
      setImmediate(() => {
        begun = undefined;
        if (socket.isPaused) socket.resume();
      });
    } else if (now - begun >= TURN_MS && !socket.isPaused) socket.pause();
  };
  socket.on("message", onFrame);
  // It is answered by the package, whoever listens.
  socket.on("ping", onFrame);
}
