/** A worker that asks for a deferred file and answers with the file's text; null when the file is refused. */
import { contentsOf, type DeferredFile } from "../../kernel/pyodide/deferred_file.ts";

const scope = globalThis as unknown as EventTarget & { postMessage(message: string | null): void };

scope.addEventListener("message", (event) => {
  const contents = contentsOf((event as MessageEvent<DeferredFile>).data);
  scope.postMessage(contents ? new TextDecoder().decode(new Uint8Array(contents)) : null);
});
