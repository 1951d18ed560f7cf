/** Writes numbered lines into a ring, from a thread of its own. */
import { RingWriter } from "../../kernel/hosts/worker/output_ring.ts";

const scope = globalThis as unknown as EventTarget & {
  postMessage(message: unknown): void;
  close(): void;
};
scope.addEventListener("message", (event) => {
  const { ring, lines } = (event as MessageEvent<{ ring: SharedArrayBuffer; lines: number }>).data;
  const writer = new RingWriter(ring, () => {});
  for (let line = 0; line < lines; line++) {
    writer.write(line % 100 === 99 ? "stderr" : "stdout", new TextEncoder().encode(`${line}\n`));
    if (line % 1000 === 999) scope.postMessage({ line, at: writer.barrier() });
  }
  scope.postMessage({ end: writer.position });
  scope.close();
});
