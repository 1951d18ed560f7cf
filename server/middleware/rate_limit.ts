import type { MiddlewareHandler } from "hono";
import { HttpError } from "../errors/http_error.ts";
import { addressKey } from "../http/client_address.ts";
import type { ServerEnv } from "../http/env.ts";
import { TimeWindows, type TimeWindowsOptions } from "./time_windows.ts";

/** The signs of life, which a supervisor of the server asks for as often as it likes. */
const UNLIMITED = new Set(["/health", "/ready"]);

/** Refuses the requests of a client that are more than `perMinute`, whatever their paths and methods are. */
export function rateLimit(
  perMinute: number,
  options: Omit<TimeWindowsOptions<{ requests: number }>, "begin"> = {},
): MiddlewareHandler<ServerEnv> {
  const windows = new TimeWindows({ ...options, begin: () => ({ requests: 0 }) });
  return async function rateLimit(c, next) {
    if (UNLIMITED.has(c.req.path)) return await next();
    const window = windows.of(addressKey(c.get("client").address));
    if (++window.value.requests > perMinute) {
      throw new HttpError(
        429,
        "rate_limited",
        `Too many requests: one client may send ${perMinute} a minute (RATE_LIMIT)`,
        { headers: { "Retry-After": windows.secondsLeft(window) } },
      );
    }
    await next();
  };
}
