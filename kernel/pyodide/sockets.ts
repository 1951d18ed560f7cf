import type { EmscriptenModule } from "./emscripten.ts";
import { ENETUNREACH, ENOTSUP } from "../files/errnos.ts";

/**
 * Answers Python's sockets as a machine without a network does: the stock ones reach for WebSockets by
 * a package that is not there, and claim to have bound a port that nobody can reach.
 */
export function disconnectSockets({ FS, SOCKFS }: EmscriptenModule): void {
  const refuse = (errno: number) => () => {
    throw new FS.ErrnoError(errno);
  };
  Object.assign(SOCKFS.websocket_sock_ops, {
    bind: refuse(ENOTSUP),
    listen: refuse(ENOTSUP),
    createPeer: refuse(ENETUNREACH),
  });
}
