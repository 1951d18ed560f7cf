import assert from "node:assert/strict";
import { temporaryDirectory } from "../support/mod.ts";
import { openNotebook, testInBrowser } from "../support/browser.ts";

const TOKEN = "the-administrators-token";

testInBrowser("the notebook works with a namespace's token, in the namespace", async () => {
  await using directory = await temporaryDirectory();
  await using notebook = await openNotebook({
    settings: { TOKEN, NOTEBOOK_DIR: directory.path, ALLOWED_KERNEL_MODES: "worker" },
  });
  const { server, origin, page, cell, run, output } = notebook;
  await server.kernels.createKernel({ id: "administrators" });
  const { secret } = await server.services.tokens.create({ namespace: "alice" });
  await page.goto(`${origin}/?token=${secret}`);
  await cell(0).waitFor();
  assert(!page.url().includes("token"));
  await run(0, "6 * 7");
  await output(0).getByText("42").waitFor();
  const own = server.kernels.listKernels().map(({ id }) => id).filter((it) =>
    it !== "administrators"
  );
  assert(own.length === 1 && own[0]!.startsWith("alice:"), own.join());
  const seen = await page.evaluate(async () => {
    const answer = await fetch("/api/kernels");
    return (await answer.json()).map(({ id }: { id: string }) => id);
  });
  assert.deepEqual(seen, own);
  assert.deepEqual(notebook.problems, []);
});
