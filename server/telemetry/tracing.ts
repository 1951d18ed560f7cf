import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { ExecutionObserver } from "../services/executions/executions.ts";

/** A span for each execution. Deno takes them when `OTEL_DENO=true`; otherwise they are nothing. */
export function traceExecutions(): ExecutionObserver {
  const tracer = trace.getTracer("deno-code-interpreter");
  return (execution) => {
    const span = tracer.startSpan("execution", {
      attributes: { "execution.id": execution.id, "kernel.id": execution.kernelId },
    });
    return ({ status, error }) => {
      span.setAttribute("execution.status", status);
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error.ename });
      span.end();
    };
  };
}
