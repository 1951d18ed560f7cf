import type { MiddlewareHandler } from "hono";
import { getConnInfo } from "hono/deno";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { HttpError } from "../errors/http_error.ts";

/** Refuses the requests of an address that are more than `perMinute`. */
export function rateLimit(perMinute: number): MiddlewareHandler {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async function rateLimit(c, next) {
    try {
      await limiter.consume(getConnInfo(c).remote.address ?? "unknown");
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new HttpError(
        429,
        "rate_limited",
        `Too many requests: one client may send ${perMinute} a minute (RATE_LIMIT)`,
        { headers: { "Retry-After": String(Math.ceil(refused.msBeforeNext / 1000)) } },
      );
    }
    await next();
  };
}
