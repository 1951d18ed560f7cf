import assert from "node:assert/strict";
import { exportNotebook } from "../../../../../server/services/notebooks/export/export.ts";
import { toScript } from "../../../../../server/services/notebooks/export/script.ts";
import type { CellJson } from "../../../../../server/services/notebooks/format/notebook_format.ts";

function cell(id: string, cell_type: CellJson["cell_type"], source: string): CellJson {
  return { id, cell_type, source, metadata: {}, extra: {} };
}

Deno.test("toScript() writes comments of the language when it is JavaScript", () => {
  const cells = [cell("a", "markdown", "Title\n\ntext"), cell("b", "code", "const a = 7 % 2;\na")];
  assert.equal(
    toScript({ cells }, "javascript"),
    "// %% [markdown]\n// Title\n//\n// text\n\n// %%\nconst a = 7 % 2;\na\n",
  );
});

Deno.test("toScript() turns magics into comments when the language is Python", () => {
  const cells = [cell("a", "code", "%time x\ny = 1"), cell("b", "code", "%%bash\nls")];
  assert.equal(
    toScript({ cells }, "python"),
    "# %%\n# %time x\ny = 1\n\n# %%\n# %%bash\n# ls\n",
  );
});

Deno.test("exportNotebook() names the notebook's language when it writes Markdown", () => {
  const notebook = {
    nbformat: 4 as const,
    nbformat_minor: 5 as const,
    metadata: { language_info: { name: "bash" } },
    cells: [cell("a", "code", "ls")],
    extra: {},
  };
  assert.equal(exportNotebook(notebook, "md"), "```bash\nls\n```\n");
});
