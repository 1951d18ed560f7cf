import { z } from "npm:zod@4.6.7";
import { KernelError } from "./errors.ts";

/** A Jupyter server on which kernels may be started. */
export interface RemoteServerOptions {
  /**
   * Its address with its base path, such as `https://gpu.example.com/user/ada/`. A `?token=` in it counts
   * as the token.
   */
  url: string;
  /** Its token, sent as `Authorization: token …`. @default none */
  token?: string;
  /** Headers that every request and websocket carries, such as those of a proxy in front of it. @default none */
  headers?: Record<string, string>;
  /** Cookies that every request and websocket carries, by name. @default none */
  cookies?: Record<string, string>;
  /** The kind of kernels that are started when nobody names one. @default the server's own default */
  kernelName?: string;
  /** The time for a connection and for an interrupt, in milliseconds. @default 10_000 */
  connectTimeoutMs?: number;
  /** The time for a request, and for the start of a kernel, in milliseconds. @default 30_000 */
  requestTimeoutMs?: number;
  /** The time that a server may be away before its kernels count as dead, in milliseconds. @default 60_000 */
  reconnectTimeoutMs?: number;
  /**
   * The consequence when a kernel's process dies: `retry` restarts it on its server, `replace` starts
   * another kernel in its place, `give_up` leaves it dead. @default "retry"
   */
  onCrash?: "retry" | "replace" | "give_up";
  /** The pause of that kernel before it is started again, in milliseconds. @default 1_000 */
  crashDelayMs?: number;
}

/** A server of the configuration, checked and with every default filled in. */
export interface RemoteServer {
  /** The name by which callers choose it. */
  name: string;
  /** The address, which ends with a slash and has no credentials. */
  url: URL;
  /** The headers of every request, credentials included: never shown to anybody. */
  headers: Readonly<Record<string, string>>;
  cookies: Readonly<Record<string, string>>;
  kernelName: string | undefined;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  reconnectTimeoutMs: number;
  onCrash: "retry" | "replace" | "give_up";
  crashDelayMs: number;
}

/** The request for a kernel on another server. */
export interface RemoteTarget {
  /** The name of the server. */
  server: string;
  /** The kind of kernel, by the name of its kernelspec; undefined: the default of the server. */
  kernelName: string | undefined;
  /** The directory below the server's root in which the kernel starts. */
  path: string | undefined;
  /** The id of a kernel that runs there already; undefined: one is started. */
  remoteKernelId: string | undefined;
  /** Leaves the kernel running on its server when this kernel ends. */
  keepRemote: boolean;
}

/** A kernel that runs on another server. */
export interface RemoteKernel {
  /** Its id on that server. */
  id: string;
  /** The name of its kernelspec. */
  kernelName: string;
  /** Its state, in that server's words. */
  status: string;
  /** The number of clients that are connected to it; null when the server does not say. */
  connections: number | null;
  /** The last time when something happened in it, as ISO 8601; null when the server does not say. */
  lastActivity: string | null;
}

/** A kind of kernels that another server offers. */
export interface RemoteKernelSpec {
  /** The name by which it is chosen. */
  name: string;
  /** Its name for people. */
  displayName: string;
  /** The language of its kernels. */
  language: string;
}

/** A text that can be sent as a header. */
const headerText = z.string().max(16_384).regex(/^[\t -~\x80-\xff]*$/, "use one line of text");
function ms(min: number): z.ZodType<number> {
  return z.int().min(min, `use ${min} or more milliseconds`).max(2 ** 31 - 1);
}

/** The schema of a server's options. */
const serverOptions = z.strictObject({
  url: z.string().max(2_048).refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""),
    "use an http or https address",
  ),
  token: headerText.optional(),
  headers: z.record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "it is no header"),
    headerText,
  )
    .optional(),
  cookies: z.record(z.string().regex(/^[^\s=;,]+$/, "it is no cookie's name"), headerText)
    .optional(),
  kernelName: z.string().min(1).max(200).optional(),
  connectTimeoutMs: ms(1).optional(),
  requestTimeoutMs: ms(1).optional(),
  reconnectTimeoutMs: ms(0).optional(),
  onCrash: z.enum(["retry", "replace", "give_up"], {
    error: 'use "retry", "replace" or "give_up"',
  }).optional(),
  crashDelayMs: ms(0).optional(),
});

/**
 * Checks the options of a server. Errors never repeat an address or a credential.
 *
 * @throws {KernelError} `invalid_argument`, naming the server and the option.
 */
export function parseRemoteServer(name: string, options: unknown): RemoteServer {
  const label = `remote server "${name}"`;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new KernelError(
      "invalid_argument",
      `Cannot use ${label}: its name: use 1 to 64 letters, digits, ".", "_" or "-"`,
    );
  }
  const result = serverOptions.safeParse(options);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new KernelError(
      "invalid_argument",
      `Cannot use ${label}: ${issue?.path.join(".") || "its options"}: ${issue?.message}`,
    );
  }
  const { token, headers = {}, cookies = {}, ...rest } = result.data;
  const { url, credentials } = takeApart(new URL(rest.url));
  const authorization = token ? `token ${token}` : credentials;
  return {
    name,
    url,
    headers: { ...(authorization && { Authorization: authorization }), ...headers },
    cookies,
    kernelName: rest.kernelName,
    connectTimeoutMs: rest.connectTimeoutMs ?? 10_000,
    requestTimeoutMs: rest.requestTimeoutMs ?? 30_000,
    reconnectTimeoutMs: rest.reconnectTimeoutMs ?? 60_000,
    onCrash: rest.onCrash ?? "retry",
    crashDelayMs: rest.crashDelayMs ?? 1_000,
  };
}

/**
 * Checks the options of a server without keeping them.
 *
 * @throws {KernelError} as {@linkcode parseRemoteServer} does.
 */
export function checkRemoteServer(
  name: string,
  options: unknown,
): asserts options is RemoteServerOptions {
  parseRemoteServer(name, options);
}

/** Removes the credentials from an address, and makes its path end with a slash. */
function takeApart(url: URL): { url: URL; credentials: string | undefined } {
  const token = url.searchParams.get("token");
  const { username, password } = url;
  const plain = new URL(url.origin + url.pathname.replace(/\/*$/, "/"));
  if (token) return { url: plain, credentials: `token ${token}` };
  if (!username && !password) return { url: plain, credentials: undefined };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: plain, credentials: `Basic ${new TextEncoder().encode(pair).toBase64()}` };
}
