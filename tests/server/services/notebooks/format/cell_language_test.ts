import assert from "node:assert/strict";
import {
  codeToRun,
  statedCellLanguage,
  withCellLanguage,
} from "../../../../../server/services/notebooks/format/cell_language.ts";

Deno.test("statedCellLanguage() reads the language that editors store", () => {
  assert.equal(statedCellLanguage({ vscode: { languageId: "sql" } }), "sql");
  assert.equal(statedCellLanguage({ vscode: { languageId: "shellscript" } }), "bash");
  for (
    const metadata of [{}, { vscode: 1 }, { vscode: { languageId: "python" } }, {
      vscode: { languageId: { a: 1 } },
    }]
  ) assert.equal(statedCellLanguage(metadata), null);
});

Deno.test("withCellLanguage() changes nothing else of the metadata", () => {
  const metadata = { tags: ["x"], vscode: { languageId: "sql", other: 1 } };
  assert.deepEqual(withCellLanguage(metadata, "bash"), {
    tags: ["x"],
    vscode: { other: 1, languageId: "shellscript" },
  });
  assert.deepEqual(withCellLanguage(metadata, null), { tags: ["x"], vscode: { other: 1 } });
  assert.deepEqual(withCellLanguage({ vscode: { languageId: "sql" } }, null), {});
  assert.equal(withCellLanguage(metadata, "sql"), metadata);
  const python = { vscode: { languageId: "python" } };
  assert.equal(withCellLanguage(python, null), python);
});

Deno.test("codeToRun() gives a cell of another language its magic in Python notebooks", () => {
  assert.equal(codeToRun("SELECT 1", "sql", "python"), "%%sql\nSELECT 1");
  assert.equal(codeToRun("ls", "bash", "python"), "%%bash\nls");
  assert.equal(codeToRun("1", "javascript", "python"), "%%node\n1");
  assert.equal(
    codeToRun("%%sql duckdb:x.db\nSELECT 1", "sql", "python"),
    "%%sql duckdb:x.db\nSELECT 1",
  );
  assert.equal(codeToRun("x", null, "python"), "x");
  assert.equal(codeToRun("x", "sql", "javascript"), "x");
});
