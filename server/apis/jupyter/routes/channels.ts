import { Hono } from "hono";
import type { KernelManager } from "../../../../kernel/mod.ts";
import type { ServerEnv } from "../../../http/env.ts";
import { JupyterClient } from "../channels/client.ts";
import { legacyFormat, V1_PROTOCOL, v1Format } from "../channels/frames.ts";
import type { JupyterKernels } from "../../../services/kernels/kernels.ts";
import { upgrade } from "../channels/websocket.ts";

/** A kernel's channels, over a websocket. */
export function channelRoutes(kernels: KernelManager, jupyter: JupyterKernels) {
  return new Hono<ServerEnv>().get("/api/kernels/:id/channels", (c) => {
    const kernel = kernels.getKernel(c.req.param("id"));
    const { socket, protocol, response } = upgrade(
      c,
      (offered) => offered.find((it) => it === V1_PROTOCOL),
    );
    const format = protocol === undefined ? legacyFormat : v1Format;
    const sessionId = c.req.query("session_id") || undefined;
    jupyter.attach(kernel, new JupyterClient(socket, format, sessionId));
    return response;
  });
}
