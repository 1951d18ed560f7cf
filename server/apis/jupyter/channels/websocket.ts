import type { Context } from "hono";
import { HttpError } from "../../../errors/http_error.ts";

/** The seconds of silence after which a client is pinged. */
const PING_SECONDS = 30;

/** Upgrades a request to a websocket; `choose` picks one of the protocols that the client offers. */
export function upgrade(
  { req }: Context,
  choose: (offered: string[]) => string | undefined = () => undefined,
): { socket: WebSocket; protocol: string | undefined; response: Response } {
  if (req.header("Upgrade")?.toLowerCase() !== "websocket") {
    throw new HttpError(426, "upgrade_required", `Connect to ${req.path} by websocket`, {
      headers: { Upgrade: "websocket" },
    });
  }
  const offered = (req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((it) => it.trim());
  const protocol = choose(offered);
  const { socket, response } = Deno.upgradeWebSocket(req.raw, {
    idleTimeout: PING_SECONDS,
    ...(protocol !== undefined && { protocol }),
  });
  return { socket, protocol, response };
}
