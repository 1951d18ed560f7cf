import { messageOf } from "../errors.ts";
import type { PackageBroker } from "../packages/request.ts";

/**
 * Creates a `fetch` for kernels without a network. Every request is answered by the host's package
 * broker, which serves packages and nothing else. Of a request, only what installers need is passed on:
 * the address and the `Accept` header of a GET.
 */
export function brokeredFetch(broker: PackageBroker): typeof fetch {
  return async function fetch(input, init) {
    const request = input instanceof Request ? input : undefined;
    const url = request?.url ?? String(input);
    const method = init?.method ?? request?.method ?? "GET";
    if (method.toUpperCase() !== "GET") {
      throw new TypeError(
        `Cannot fetch "${url}": the kernel has no network; packages are got with GET`,
      );
    }
    init?.signal?.throwIfAborted();
    const accept = new Headers(init?.headers ?? request?.headers).get("Accept") ?? undefined;
    const { status, contentType, url: at, bytes } = await ask(broker, { url, accept });
    const response = new Response(status === 204 || status === 304 ? null : bytes, {
      status,
      headers: contentType ? { "Content-Type": contentType } : {},
    });
    Object.defineProperty(response, "url", { value: at });
    return response;
  };
}

/** Asks the broker; rejects with a TypeError when it refuses or fails, as `fetch` itself does. */
async function ask(broker: PackageBroker, request: { url: string; accept: string | undefined }) {
  try {
    return await broker(request);
  } catch (error) {
    throw new TypeError(messageOf(error), { cause: error });
  }
}
