import { Buffer } from "node:buffer";
import type { NotebookFixture } from "./browser.ts";

/** Opens a notebook file of one code cell with these outputs, and a second cell. */
export async function openWithOutputs(
  { page, output, cell }: NotebookFixture,
  outputs: readonly unknown[],
): Promise<void> {
  const code = { cell_type: "code", metadata: {}, execution_count: null };
  const cells = [
    { ...code, id: "first", source: "first = 1", outputs },
    { ...code, id: "second", source: "second = 2", outputs: [] },
  ];
  const file = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  await page.getByTestId("open").click();
  await page.getByTestId("open-file").setInputFiles({
    name: "outputs.ipynb",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(file)),
  });
  await cell(1).waitFor();
  if (outputs.length > 0) await output(0).locator(".output").first().waitFor({ state: "attached" });
}
