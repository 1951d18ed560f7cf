import { alive, type Attack, js } from "../attack.ts";

const CUT = { status: "ok", truncated: true, prints: /The output is cut here/ } as const;

/** Attacks that flood the server or the reader's screen. */
export const outputAttacks: Attack[] = [
  {
    name: "prints without end",
    code: "while True: print('x' * 1000)",
    timeoutMs: 1_000,
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "many lines",
    code: "for i in range(300_000): print(i, 'x' * 80)",
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  { name: "one long line", code: "print('x' * 20_000_000)", outcome: CUT, then: alive },
  {
    name: "errors without end",
    code: "import sys\nfor i in range(100_000): print('x' * 100, file=sys.stderr)",
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  {
    name: "bytes that are no text",
    code: "import os\nfor i in range(1000): os.write(1, b'\\xff\\x00\\x1b' * 10_000)",
    outcome: CUT,
    then: alive,
  },
  {
    name: "JavaScript's console",
    code: js("for i in range(20_000): js.console.log('x' * 200)"),
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  {
    name: "one long line of JavaScript's console",
    code: js("js.console.error('x' * 20_000_000)"),
    outcome: CUT,
    then: alive,
  },
  {
    name: "displays",
    code: "for i in range(20_000): display({'text/plain': 'x' * 200}, raw=True)",
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  {
    name: "one large display",
    code: "display({'text/html': 'x' * 20_000_000}, raw=True)",
    outcome: CUT,
    then: alive,
  },
  {
    name: "updates of a display",
    code: "h = display('x', display_id=True)\nfor i in range(20_000): h.update('y' * 200)",
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  {
    name: "a large update of very many displays",
    code:
      "for i in range(1_000): display('x', display_id='a')\nfrom IPython.display import update_display\nupdate_display('y' * 900_000, display_id='a')",
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  {
    name: "text that changes between the streams",
    code: "import os\nfor i in range(20_000):\n  os.write(1, b'x')\n  os.write(2, b'x')",
    timeoutMs: 60_000,
    outcome: CUT,
    then: alive,
  },
  {
    name: "clearing the output",
    code:
      "from IPython.display import clear_output\nfor i in range(20_000): clear_output(); print('x' * 200)",
    timeoutMs: 60_000,
    outcome: { status: "ok", truncated: true },
    then: alive,
  },
  { name: "a large value", code: "'x' * 20_000_000", outcome: CUT, then: alive },
  {
    name: "a large exception",
    code: "raise ValueError('x' * 20_000_000)",
    outcome: { status: "error", raises: /more characters/, truncated: true },
    then: alive,
  },
  {
    name: "an exception with a large name",
    code: "raise type('X' * 5_000_000, (Exception,), {})",
    outcome: { status: "error", raises: /more characters/, truncated: true },
    then: alive,
  },
  {
    name: "messages of a comm",
    code:
      "from comm import create_comm\nc = create_comm(target_name='x')\nfor i in range(20_000): c.send(data={'x': 'y' * 200})",
    timeoutMs: 60_000,
    outcome: { status: "ok", truncated: true },
    then: alive,
  },
  {
    name: "buffers of a comm",
    code:
      "from comm import create_comm\nc = create_comm(target_name='x')\nfor i in range(100): c.send(data={}, buffers=[bytes(10**6)])",
    timeoutMs: 60_000,
    outcome: { status: "ok", truncated: true },
    then: alive,
  },
  {
    name: "empty buffers of a comm",
    code:
      "from comm import create_comm\nc = create_comm(target_name='x')\nfor i in range(100): c.send(data={}, buffers=[b''] * 10_000)",
    timeoutMs: 60_000,
    outcome: { status: "ok", truncated: true },
    then: alive,
  },
  {
    name: "more buffers of a comm than a message may have",
    code:
      "from comm import create_comm\nc = create_comm(target_name='x')\nc.send(data={}, buffers=[b''] * 20_000)",
    timeoutMs: 60_000,
    outcome: { status: "ok", prints: /An output was left out/ },
    then: alive,
  },
  {
    name: "prints after the cell has ended",
    code:
      "import asyncio\nasync def flood():\n  while True:\n    print('x' * 1000)\n    await asyncio.sleep(0)\ntask = asyncio.create_task(flood())\n_ = None",
    outcome: { status: "ok" },
    then: {
      code: "await asyncio.sleep(0.5)\ntask.cancel()\n_ = None",
      timeoutMs: 60_000,
      outcome: { status: "ok" },
    },
  },
  {
    name: "a long prompt",
    code: "input('x' * 20_000_000)",
    outcome: { status: "error", raises: /StdinNotImplementedError/ },
    then: alive,
  },
];
