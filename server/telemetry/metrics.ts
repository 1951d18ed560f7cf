import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { KernelEvent } from "../../kernel/mod.ts";
import type { ExecutionObserver } from "../services/executions/executions.ts";
import type { KernelDirectory } from "../services/kernels/handle.ts";

const STATUSES = ["starting", "idle", "busy", "restarting", "unreachable", "dead"] as const;
/** The upper bounds of the histograms' buckets, in seconds. */
const DURATIONS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];

/** The server's counters and measurements, for Prometheus. */
export class Metrics implements Disposable {
  readonly #registry = new Registry();
  readonly #subscription: Disposable;
  /** The times at which kernels began to start, by the kernels' ids. */
  readonly #starting = new Map<string, number>();
  readonly #live: Gauge;
  readonly #executions: Counter;
  readonly #toolExecutions: Counter;
  readonly #duration: Histogram;
  readonly #wait: Histogram;
  readonly #starts: Counter;
  readonly #startDuration: Histogram;
  readonly #leaked: Counter;
  readonly #requests: Histogram;

  constructor(kernels: KernelDirectory) {
    const registers = [this.#registry];
    this.#live = new Gauge({
      registers,
      name: "executions_live",
      help: "Executions that wait or run",
    });
    this.#executions = new Counter({
      registers,
      name: "executions_total",
      help: "Executions that ended",
      labelNames: ["status"],
    });
    this.#toolExecutions = new Counter({
      registers,
      name: "tool_executions_total",
      help: "Executions that ended and that agents started, by the tool that they called",
      labelNames: ["tool", "status"],
    });
    this.#duration = new Histogram({
      registers,
      name: "execution_duration_seconds",
      help: "The time for which executions ran",
      buckets: DURATIONS,
    });
    this.#wait = new Histogram({
      registers,
      name: "execution_wait_seconds",
      help: "The time for which executions waited for their turn",
      buckets: DURATIONS,
    });
    this.#starts = new Counter({
      registers,
      name: "kernel_starts_total",
      help: "Interpreters that started or failed to start",
      labelNames: ["outcome"],
    });
    this.#startDuration = new Histogram({
      registers,
      name: "kernel_start_duration_seconds",
      help: "The time that interpreters took to start",
      buckets: DURATIONS,
    });
    this.#leaked = new Counter({
      registers,
      name: "kernel_threads_leaked_total",
      help: "Threads of kernels that could not be stopped and go on computing",
    });
    this.#requests = new Histogram({
      registers,
      name: "http_request_duration_seconds",
      help: "The time that requests took to be answered; a stream is answered when it begins",
      labelNames: ["method", "route", "status"],
      buckets: DURATIONS,
    });
    addKernelGauges(registers, kernels);
    addProcessGauges(registers);
    this.#subscription = kernels.on("*", (event) => this.#onEvent(event));
  }

  /** Returns the metrics in Prometheus' text format. */
  async report(): Promise<{ text: string; contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  /** Counts and measures executions. */
  get observer(): ExecutionObserver {
    return ({ tool }) => {
      this.#live.inc();
      return ({ status, usage }) => {
        this.#live.dec();
        this.#executions.inc({ status });
        if (tool !== null) this.#toolExecutions.inc({ tool, status });
        if (!usage) return;
        this.#duration.observe(usage.wallMs / 1000);
        this.#wait.observe(usage.queuedMs / 1000);
      };
    };
  }

  /** Measures requests, by the pattern of their path. */
  get middleware(): MiddlewareHandler<{ Variables: { route?: string } }> {
    const requests = this.#requests;
    return async function measure(c, next) {
      const end = requests.startTimer();
      await next();
      end({
        method: c.req.method,
        route: c.get("route") ?? routePath(c, -1),
        status: `${Math.floor(c.res.status / 100)}xx`,
      });
    };
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #onEvent(event: KernelEvent): void {
    const { kernelId } = event;
    if (event.type === "kernel_terminated") {
      if (event.threadLeaked) this.#leaked.inc();
      return;
    }
    if (event.type !== "status") return;
    if (event.status === "starting") {
      this.#starting.set(kernelId, performance.now());
      return;
    }
    const begin = this.#starting.get(kernelId);
    if (begin === undefined || event.status === "restarting") return;
    this.#starting.delete(kernelId);
    this.#starts.inc({ outcome: event.status === "idle" ? "ok" : "failed" });
    if (event.status === "idle") {
      this.#startDuration.observe((performance.now() - begin) / 1000);
    }
  }
}

function addKernelGauges(registers: Registry[], kernels: KernelDirectory): void {
  new Gauge({
    registers,
    name: "kernels",
    help: "Kernels by status",
    labelNames: ["status"],
    async collect() {
      const infos = await kernels.list();
      for (const status of STATUSES) this.set({ status }, 0);
      for (const { status } of infos) this.inc({ status });
    },
  });
  new Gauge({
    registers,
    name: "kernels_ready",
    help: "Interpreters that are ready to become kernels",
    async collect() {
      this.set(await kernels.countReady());
    },
  });
  new Gauge({
    registers,
    name: "kernel_memory_bytes",
    help: "The memory of all kernels' interpreters",
    async collect() {
      this.set((await kernels.list()).reduce((sum, it) => sum + (it.memoryBytes ?? 0), 0));
    },
  });
}

function addProcessGauges(registers: Registry[]): void {
  new Gauge({
    registers,
    name: "process_resident_memory_bytes",
    help: "The resident memory of the server's process",
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  new Gauge({
    registers,
    name: "process_heap_bytes",
    help: "The heap of JavaScript in the server's main thread",
    collect() {
      this.set(Deno.memoryUsage().heapUsed);
    },
  });
}
