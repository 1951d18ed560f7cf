import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { ExecutionObserver } from "../services/executions/executions.ts";

/**
 * Makes an observer that opens a span for each execution. Deno exports the spans when `OTEL_DENO=true`;
 * otherwise they cost nothing.
 */
export function traceExecutions(): ExecutionObserver {
  const tracer = trace.getTracer("deno-code-interpreter");
  return ({ id, kernelId, origin, tool }) => {
    const span = tracer.startSpan("execution", {
      attributes: {
        "execution.id": id,
        "execution.origin": origin,
        ...(tool !== null && { "execution.tool": tool }),
        "kernel.id": kernelId,
      },
    });
    return ({ status, error }) => {
      span.setAttribute("execution.status", status);
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error.ename });
      span.end();
    };
  };
}
