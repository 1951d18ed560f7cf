import { alive, type Attack } from "../attack.ts";

const EMIT = `import json
from deno_kernel.current import running_kernel
from deno_kernel.host.executions import current_execution
own = current_execution.get().id
def emit_text(text): running_kernel().events.send_text(text, essential=True)
def emit(**event): emit_text(json.dumps(event))
`;

const LEFT_OUT = { status: "ok", prints: /An output was left out/ } as const;

/** Makes an attack that reports an event as the kernel's own code would, and goes on. */
function emitting(name: string, code: string, outcome: Attack["outcome"] = LEFT_OUT): Attack {
  return {
    name,
    code: `${EMIT}${code}`,
    outcome,
    ...(outcome.status === "ok" && { then: alive }),
  };
}

/** Attacks by events that an honest kernel does not report. */
export const eventAttacks: Attack[] = [
  emitting(
    "an output for an execution of another kernel",
    "emit(type='clear_output', wait=False, executionId='somebody-elses')",
    { status: "ended", reason: /execution that is not its own/ },
  ),
  emitting(
    "a request for input in another kernel's name",
    "emit(type='input_request', requestId='r', prompt='password: ', password=True, executionId='other')",
    { status: "ended", reason: /execution that is not its own/ },
  ),
  emitting(
    "a request for input that nobody is there to answer",
    "emit(type='input_request', requestId='r', prompt='', password=False, executionId=own)",
    { status: "ended", reason: /input that nobody gives/ },
  ),
  emitting(
    "a second input of the cell, with another count",
    "emit(type='execute_input', code='rm -rf', executionCount=10**6, executionId=own)",
    { status: "ended", reason: /does not begin/ },
  ),
  emitting(
    "an output that belongs to nobody's execution, by the stream",
    "running_kernel().platform.own('somebody-elses')\nprint('x')",
    { status: "ended", reason: /execution that is not its own/ },
  ),
  emitting(
    "a display's id of three million characters",
    "emit(type='display_data', data={}, metadata={}, transient={'display_id': 'x' * 3_000_000}, executionId=own)",
  ),
  emitting(
    "a comm's name of three million characters",
    "emit(type='comm_open', commId='x' * 3_000_000, targetName='t', data={}, metadata={})",
  ),
  emitting(
    "a comm's target of three million characters",
    "emit(type='comm_open', commId='c', targetName='x' * 3_000_000, data={}, metadata={})",
  ),
  emitting(
    "a package's name of three million characters",
    "emit(type='package_progress', name='x' * 3_000_000, bytes=None, done=False)",
  ),
  emitting(
    "an execution's id of three million characters",
    "emit(type='clear_output', wait=True, executionId='x' * 3_000_000)",
  ),
  emitting(
    "a bundle that is nested deep",
    `emit_text('{"type":"display_data","data":{"a":' + '[' * 100_000 + ']' * 100_000 + '},"metadata":{},"transient":{}}')`,
  ),
  emitting(
    "a bundle of very many objects",
    `emit_text('{"type":"display_data","data":{"a":[' + '{},' * 10_000_000 + '1]},"metadata":{},"transient":{}}')`,
  ),
  emitting(
    "a bundle that is no object",
    "emit(type='display_data', data=[1], metadata={}, transient={})",
  ),
  emitting("text that is no JSON", "emit_text('{\"type\": ')"),
  emitting(
    "an event of the server's",
    "emit(type='kernel_terminated', reason='x', threadLeaked=False)",
  ),
  {
    name: "events without end that are empty",
    code: `${EMIT}for n in range(200_000): emit(type='clear_output', wait=True, executionId=own)`,
    timeoutMs: 60_000,
    outcome: { status: "ok", truncated: true },
    then: alive,
  },
  {
    name: "a result that is larger than what may be shown",
    code: `${EMIT}'x' * 30_000_000`,
    outcome: { status: "ok", truncated: true },
    then: alive,
  },
  {
    name: "an error that is larger than what may be shown",
    code: "raise ValueError('x' * 3_000_000)",
    outcome: { status: "error", raises: /ValueError: x+/, truncated: true },
    then: alive,
  },
  {
    name: "a captured result that is larger than what may be shown",
    code: "%%capture kept_output\n'x' * 30_000_000",
    outcome: { status: "ok" },
    then: alive,
  },
];
