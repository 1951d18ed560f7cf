import { Hono } from "hono";
import type { ServerEnv } from "../../http/env.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import type { ChannelDirectory } from "./channels/channel_directory.ts";
import { JupyterClient } from "./channels/client.ts";
import { legacyFormat, V1_PROTOCOL, v1Format } from "./channels/frames.ts";
import { upgrade } from "./channels/websocket.ts";

/** The route of a kernel's channels, over a websocket. */
export function channelRoutes(kernels: Kernels, channels: ChannelDirectory) {
  return new Hono<ServerEnv>().get("/api/kernels/:id/channels", async (c) => {
    const kernel = await kernels.get(c.req.param("id"));
    const kernelChannels = channels.of(kernel);
    const sessionId = c.req.query("session_id") || undefined;
    return await upgrade(c, {
      protocol: V1_PROTOCOL,
      onOpen(socket, protocol) {
        const format = protocol === undefined ? legacyFormat : v1Format;
        kernelChannels.attach(new JupyterClient(socket, format, sessionId));
      },
    });
  });
}
