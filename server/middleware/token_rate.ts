import type { MiddlewareHandler } from "hono";
import { HttpError } from "../errors/http_error.ts";
import type { ServerEnv } from "../http/env.ts";
import { TimeWindows, type TimeWindowsOptions } from "./time_windows.ts";

/** Refuses the requests with a token that are more than the token allows in a minute. */
export function limitTokens(
  options: Omit<TimeWindowsOptions<{ requests: number }>, "begin"> = {},
): MiddlewareHandler<ServerEnv> {
  const windows = new TimeWindows({ ...options, begin: () => ({ requests: 0 }) });
  return async function limitTokens(c, next) {
    const visitor = c.get("visitor");
    const limit = visitor.kind === "holder" ? visitor.token.requestsPerMinute : undefined;
    if (visitor.kind !== "holder" || limit === undefined) return await next();
    const window = windows.of(visitor.token.id);
    if (++window.value.requests > limit) {
      throw new HttpError(
        429,
        "rate_limited",
        `Too many requests: ${limit} a minute may come with this token`,
        { headers: { "Retry-After": windows.secondsLeft(window) } },
      );
    }
    await next();
  };
}
