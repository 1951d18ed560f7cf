import assert from "node:assert/strict";
import { type Draft, withDraft } from "../../../../server/ui/notebook/drafts.ts";
import type { StoredNotebook } from "../../../../server/ui/notebook/stored_notebook.ts";

const OUTPUTS = [{ output_type: "stream", name: "stdout", text: ["out"] }];

function stored(revision?: number): StoredNotebook {
  return {
    id: "n",
    ...(revision !== undefined && { revision }),
    title: "Stored",
    kernelId: "k",
    executions: {},
    serverCopy: { path: "a.ipynb", base: null },
    savedAt: 1,
    ipynb: {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kept: true },
      cells: [
        { id: "a", cell_type: "code", source: ["old"], outputs: OUTPUTS, metadata: { x: 1 } },
        { id: "b", cell_type: "code", source: ["removed"], outputs: [], metadata: {} },
      ],
    },
  };
}

const DRAFT: Draft = {
  id: "n",
  revision: 5,
  title: "Draft",
  kernelId: "k2",
  executions: { a: "e1" },
  savedAt: 2,
  cells: [
    { id: "c", type: "markdown", source: "added" },
    { id: "a", type: "code", source: "new" },
  ],
};

Deno.test("withDraft() takes the text of a newer draft, and the outputs that were stored", () => {
  const merged = withDraft(stored(4), DRAFT)!;
  assert.deepEqual([merged.title, merged.kernelId, merged.executions], ["Draft", "k2", {
    a: "e1",
  }]);
  assert.deepEqual(merged.serverCopy, { path: "a.ipynb", base: null });
  assert.deepEqual(merged.ipynb, {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kept: true },
    cells: [
      { id: "c", cell_type: "markdown", source: "added" },
      { id: "a", cell_type: "code", source: "new", outputs: OUTPUTS, metadata: { x: 1 } },
    ],
  });
  assert.equal(withDraft(stored(), DRAFT)!.title, "Draft");
});

Deno.test("withDraft() keeps what was stored when the draft is not newer", () => {
  assert.equal(withDraft(stored(5), DRAFT)!.title, "Stored");
  assert.equal(withDraft(stored(5), undefined)!.title, "Stored");
  assert.equal(withDraft(undefined, undefined), undefined);
});

Deno.test("withDraft() makes a notebook of a draft alone", () => {
  const { ipynb, serverCopy } = withDraft(undefined, DRAFT)!;
  assert.equal(serverCopy, null);
  assert.equal((ipynb["cells"] as unknown[]).length, 2);
});
