import { buildImage } from "./snapshot.ts";
const scope = globalThis as unknown as { onmessage: unknown; postMessage(m: unknown): void };
scope.onmessage = async (event: MessageEvent) => {
  scope.postMessage(await buildImage(event.data));
};
