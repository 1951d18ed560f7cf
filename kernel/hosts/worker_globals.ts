import type { StreamName } from "../streams.ts";

const CONSOLE_STREAMS: Record<string, StreamName> = {
  debug: "stdout",
  info: "stdout",
  log: "stdout",
  error: "stderr",
  trace: "stderr",
  warn: "stderr",
};

/** Shows what JavaScript prints as output of the kernel; it would reach the server's terminal. */
export function captureConsole(write: (name: StreamName, text: string) => void): void {
  for (const [method, stream] of Object.entries(CONSOLE_STREAMS)) {
    const print = (...values: unknown[]) => {
      const text = values.map((it) => typeof it === "string" ? it : Deno.inspect(it)).join(" ");
      write(stream, `${text}\n`);
    };
    Object.defineProperty(console, method, { value: print, writable: true, configurable: true });
  }
}

/**
 * Whether a rejection is Python's own way to end: SystemExit and KeyboardInterrupt leave a callback
 * as rejections when user code raises them outside of a cell.
 */
export function isHarmlessRejection(error: unknown): boolean {
  const { name, type } = (error ?? {}) as { name?: unknown; type?: unknown };
  return name === "PythonError" && (type === "SystemExit" || type === "KeyboardInterrupt");
}

/**
 * Takes away what reaches other kernels of this process or pretends to be this worker's runtime.
 * This contains accidents; a worker is not a boundary against hostile code.
 */
export function reduceGlobals(): void {
  for (
    const name of ["BroadcastChannel", "Worker", "caches", "close", "onmessage", "postMessage"]
  ) {
    Reflect.deleteProperty(globalThis, name);
  }
  Reflect.deleteProperty(Object.getPrototypeOf(navigator), "locks");
}
