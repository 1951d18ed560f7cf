import assert from "node:assert/strict";
import type { MarkupRequest } from "../../../../server/ui/outputs/markup.ts";
import {
  MarkupRenderer,
  type MarkupWorker,
} from "../../../../server/ui/outputs/markup_renderer.ts";

/** A worker that answers with the source in capitals, and never to "hang". */
class FakeWorker implements MarkupWorker {
  onmessage: MarkupWorker["onmessage"] = null;
  onerror: MarkupWorker["onerror"] = null;
  terminated = false;

  postMessage({ source }: MarkupRequest): void {
    if (source === "hang") return;
    queueMicrotask(() => {
      const event = source === "fail"
        ? new ErrorEvent("error")
        : new MessageEvent("message", { data: { html: source.toUpperCase() } });
      const target = this as unknown as Worker;
      if (event instanceof ErrorEvent) this.onerror?.call(target, event);
      else this.onmessage?.call(target, event);
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

function rendererOf() {
  const workers: FakeWorker[] = [];
  const renderer = new MarkupRenderer({
    createWorker: () => workers[workers.push(new FakeWorker()) - 1]!,
    deadlineMs: 1,
  });
  const render = (source: string) => renderer.render({ kind: "markdown", source });
  return { workers, render };
}

Deno.test("MarkupRenderer.render() answers each document with its own result", async () => {
  const { workers, render } = rendererOf();
  assert.deepEqual(await Promise.all(["a", "b", "c"].map(render)), ["A", "B", "C"]);
  assert.equal(workers.length, 1);
});

Deno.test("MarkupRenderer.render() goes on with a new worker when one fails or takes too long", async () => {
  const { workers, render } = rendererOf();
  const results = await Promise.all(["a", "hang", "b", "fail", "c"].map(render));
  assert.deepEqual(results, ["A", null, "B", null, "C"]);
  assert.deepEqual(workers.map(({ terminated }) => terminated), [true, true, false]);
});
