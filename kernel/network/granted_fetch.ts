import { toRefusal } from "./refusals.ts";

/** Rejects when a host, by its name or address, must not be reached although it is granted. */
export type CheckHost = (host: string, port: number) => Promise<void>;

type Fetch = typeof globalThis.fetch;

/** Taken before user code could declare variables of these names. */
const { Headers, Object, ReadableStream, Request, String, Symbol, TypeError, URL } = globalThis;

/** The most redirects of one request, as in the standard of fetch. */
const MAX_REDIRECTS = 20;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** The headers that describe a body, and go with it. */
const BODY_HEADERS = [
  ...["content-encoding", "content-language", "content-length", "content-location"],
  "content-type",
];
/** The headers that another origin must not see. */
const SECRET_HEADERS = ["authorization", "cookie", "proxy-authorization"];

/**
 * Returns a `fetch` whose refusals say what a kernel's user can do about them: the engine's own name a flag
 * that the user has no way to give. A `check` is made of each host before anything is sent to it, also of those
 * that redirects lead to.
 */
export function grantedFetch(fetch: Fetch, check?: CheckHost): Fetch {
  return async (input, init) => {
    let asked = input instanceof Request ? input.url : String(input);
    try {
      if (!check) return await fetch(input, init);
      return await follow(fetch, new Request(input, init), sourceOf(input, init), async (url) => {
        asked = url;
        await checkUrl(url, check);
      });
    } catch (error) {
      const refusal = toRefusal(error, URL.parse(asked)?.hostname);
      throw refusal ? new TypeError(refusal.message) : error;
    }
  };
}

/** Returns the body of a request if it can be sent once more; undefined for a stream, null for none. */
function sourceOf(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): BodyInit | Request | null | undefined {
  const body = init?.body;
  if (body !== undefined && body !== null) {
    return body instanceof ReadableStream || Symbol.asyncIterator in Object(body)
      ? undefined
      : body;
  }
  return input instanceof Request && input.body && !input.bodyUsed ? undefined : null;
}

/** Sends a request, and follows the redirects itself, so that each host is checked before it is asked. */
async function follow(
  fetch: Fetch,
  first: Request,
  source: ReturnType<typeof sourceOf>,
  check: (url: string) => Promise<void>,
): Promise<Response> {
  await check(first.url);
  if (first.redirect !== "follow") return await fetch(first);
  let request = new Request(first, { redirect: "manual" });
  for (let count = 0;; count++) {
    const { url, signal } = request;
    signal.throwIfAborted();
    const response = await fetch(request);
    const location = response.headers.get("location");
    if (!REDIRECTS.includes(response.status) || location === null) {
      return count === 0 ? response : redirected(response);
    }
    await response.body?.cancel();
    if (count === MAX_REDIRECTS) throw new TypeError("There are too many redirects");
    request = nextRequest(request, response.status, URL.parse(location, url), source);
    if (!request.body) source = null;
    await check(request.url);
  }
}

/** Returns the request that a redirect asks for. */
function nextRequest(
  request: Request,
  status: number,
  target: URL | null,
  source: ReturnType<typeof sourceOf>,
): Request {
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new TypeError(`A redirect leads to ${target?.protocol ?? "no address"}`);
  }
  const from = new URL(request.url);
  if (target.hash === "") target.hash = from.hash;
  const { method } = request;
  const loses = status === 303
    ? method !== "GET" && method !== "HEAD"
    : (status === 301 || status === 302) && method === "POST";
  const headers = new Headers(request.headers);
  if (loses) { for (const name of BODY_HEADERS) headers.delete(name); }
  if (target.origin !== from.origin) { for (const name of SECRET_HEADERS) headers.delete(name); }
  if (!loses && source === undefined) {
    throw new TypeError("A redirect asks for the body again, which was a stream");
  }
  return new Request(target, {
    headers,
    method: loses ? "GET" : method,
    redirect: "manual",
    signal: request.signal,
    ...(!loses && source !== null && { body: source as BodyInit }),
  });
}

/** Makes a response say that it is not the first one. */
function redirected(response: Response): Response {
  return Object.defineProperty(response, "redirected", { value: true, configurable: true });
}

async function checkUrl(text: string, check: CheckHost): Promise<void> {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return;
  await check(...hostOf(url));
}

/** Returns the host of an address without brackets, and its port. */
export function hostOf({ hostname, port, protocol }: URL): [host: string, port: number] {
  const standard = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return [hostname.replace(/^\[|\]$/g, ""), port === "" ? standard : Number(port)];
}
