import assert from "node:assert/strict";
import { emptyIpynb, parseIpynb, toIpynb } from "../../../../server/ui/notebook/ipynb.ts";

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "other", display_name: "Other", language: "python" },
    language_info: { name: "python", version: "3.11" },
    custom: { kept: [1, 2] },
  },
  cells: [
    {
      id: "a1",
      cell_type: "code",
      metadata: { tags: ["x"] },
      source: ["import os\n", "os.name"],
      execution_count: 3,
      outputs: [
        { output_type: "stream", name: "stderr", text: ["one\n", "two\n"] },
        {
          output_type: "execute_result",
          data: { "text/plain": ["'posix'"], "application/json": ["a", "b"] },
          metadata: {},
          execution_count: 3,
        },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
      ],
    },
    {
      id: "a2",
      cell_type: "markdown",
      metadata: {},
      source: ["# Title"],
      attachments: { "i.png": { "image/png": "AAAA" } },
    },
    { id: "a3", cell_type: "raw", metadata: {}, source: [] },
  ],
};

Deno.test("toIpynb() writes back what parseIpynb() read", () => {
  assert.deepEqual(toIpynb(parseIpynb(JSON.stringify(NOTEBOOK))), NOTEBOOK);
});

Deno.test("parseIpynb() takes text as one string, and cells without ids or with the same", () => {
  const { cells } = parseIpynb(JSON.stringify({
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [
      { cell_type: "code", source: "a\nb", metadata: {}, outputs: [], execution_count: null },
      { id: "x", cell_type: "raw", source: "", metadata: {} },
      { id: "x", cell_type: "raw", source: "", metadata: {} },
    ],
  }));
  assert.equal(cells[0]!.source.value, "a\nb");
  assert.equal(new Set(cells.map(({ id }) => id)).size, 3);
});

for (
  const [what, text, message] of [
    ["no JSON", "{", /not JSON/],
    [
      "an older version",
      JSON.stringify({ ...NOTEBOOK, nbformat: 2 }),
      /only notebooks of version 3 and 4/,
    ],
    ["something else", "{}", /nbformat/],
    [
      "a cell of an unknown type",
      JSON.stringify({ ...NOTEBOOK, cells: [{ cell_type: "x", source: "" }] }),
      /cells\.0\.cell_type/,
    ],
  ] as const
) {
  Deno.test(`parseIpynb() refuses ${what}`, () => {
    assert.throws(() => parseIpynb(text), { name: "TypeError", message });
  });
}

Deno.test("toIpynb() leaves out what only an open page knows", () => {
  const ipynb = emptyIpynb();
  ipynb.cells[0]!.outputs.value = [{
    output_type: "display_data",
    data: { "text/plain": "x" },
    metadata: {},
    transient: { display_id: "d" },
  }];
  const [cell] = toIpynb(ipynb)["cells"] as { outputs: unknown[] }[];
  assert.deepEqual(cell!.outputs, [
    { output_type: "display_data", data: { "text/plain": ["x"] }, metadata: {} },
  ]);
});

Deno.test("toIpynb() writes back outputs that cannot be read, beside those that can", () => {
  const outputs = [
    { output_type: "stream", name: "stdout", text: { not: "text" } },
    { output_type: "later_version", value: 1 },
    { output_type: "stream", name: "stdout", text: ["good"] },
  ];
  const file = JSON.stringify({
    ...NOTEBOOK,
    cells: [{
      id: "a",
      cell_type: "code",
      metadata: {},
      source: [],
      outputs,
      execution_count: "x",
    }],
  });
  const read = parseIpynb(file);
  assert.deepEqual(read.cells[0]!.outputs.value.map((it) => it.output_type), [
    "unreadable",
    "unreadable",
    "stream",
  ]);
  const [cell] = toIpynb(read)["cells"] as { outputs: unknown[] }[];
  assert.deepEqual(cell!.outputs, outputs);
});

Deno.test("parseIpynb() reads nbformat 3", () => {
  const { cells } = parseIpynb(JSON.stringify({
    nbformat: 3,
    nbformat_minor: 0,
    metadata: { name: "old" },
    worksheets: [{
      cells: [
        { cell_type: "heading", level: 2, source: ["Title"], metadata: {} },
        {
          cell_type: "code",
          language: "python",
          collapsed: true,
          input: ["1 +\n", "1"],
          prompt_number: 4,
          outputs: [
            { output_type: "stream", stream: "stderr", text: ["s"] },
            { output_type: "pyout", prompt_number: 4, text: ["2"], metadata: {} },
            { output_type: "display_data", png: "AAAA", text: "<Figure>" },
            { output_type: "pyerr", ename: "E", evalue: "v", traceback: ["t"] },
          ],
        },
      ],
    }],
  }));
  const [heading, code] = cells;
  assert.deepEqual([heading!.type.value, heading!.source.value], ["markdown", "## Title"]);
  assert.deepEqual([code!.source.value, code!.executionCount.value], ["1 +\n1", 4]);
  assert.equal(code!.outputsCollapsed.value, true);
  assert.deepEqual(code!.outputs.value, [
    { output_type: "stream", name: "stderr", text: "s" },
    {
      output_type: "execute_result",
      data: { "text/plain": "2" },
      metadata: {},
      execution_count: 4,
    },
    {
      output_type: "display_data",
      data: { "image/png": "AAAA", "text/plain": "<Figure>" },
      metadata: {},
    },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
  ]);
});
