import { Hono } from "hono";
import type { KernelManager } from "../../../kernel/mod.ts";
import type { ServerEnv } from "../../env.ts";
import { HttpError } from "../../errors.ts";
import { JupyterClient } from "../client.ts";
import { legacyFormat, V1_PROTOCOL, v1Format } from "../frames.ts";
import type { JupyterKernels } from "../kernels.ts";

/** How long a client may be silent before it is asked for a sign of life, in seconds. */
const PING_SECONDS = 30;

/** A kernel's channels, over a websocket. */
export function channelRoutes(kernels: KernelManager, jupyter: JupyterKernels) {
  return new Hono<ServerEnv>().get("/api/kernels/:id/channels", (c) => {
    const kernel = kernels.getKernel(c.req.param("id"));
    if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") {
      throw new HttpError(426, "upgrade_required", "Connect to a kernel's channels by websocket", {
        headers: { Upgrade: "websocket" },
      });
    }
    const offered = (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((it) =>
      it.trim()
    );
    const v1 = offered.includes(V1_PROTOCOL);
    const { socket, response } = Deno.upgradeWebSocket(c.req.raw, {
      idleTimeout: PING_SECONDS,
      ...(v1 && { protocol: V1_PROTOCOL }),
    });
    const sessionId = c.req.query("session_id") || undefined;
    jupyter.attach(kernel, new JupyterClient(socket, v1 ? v1Format : legacyFormat, sessionId));
    return response;
  });
}
