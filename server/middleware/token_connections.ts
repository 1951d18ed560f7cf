import type { MiddlewareHandler } from "hono";
import type { EventEmitter } from "node:events";
import type { ServerEnv } from "../http/env.ts";
import type { Tokens } from "../services/tokens/tokens.ts";
import { namespaceOf, type SandboxOwners } from "./namespaces.ts";

/** A connection, which can be cut. */
type Connection = Pick<EventEmitter, "once"> & { destroy(): void };

/**
 * Ends the requests, streams and websockets of a token when the token ends: its connections are cut. Those
 * that came with the secrets of a sandbox end with any token of the sandbox's namespace, because each could
 * have learned the secrets.
 */
export function endWithTokens(
  tokens: Tokens,
  sandboxes: SandboxOwners,
): MiddlewareHandler<ServerEnv> {
  /** By the token's id, or by the namespace of a sandbox. */
  const connections = new Map<string, Set<Connection>>();

  function cut(key: string): void {
    for (const connection of connections.get(key) ?? []) connection.destroy();
    connections.delete(key);
  }

  tokens.onEnd(({ id, namespace }) => {
    cut(`token ${id}`);
    cut(`sandbox ${namespace}`);
  });

  return async function endWithTokens(c, next) {
    const visitor = c.get("visitor");
    const namespace = namespaceOf(c, sandboxes);
    const { incoming, outgoing } = c.env ?? {};
    if (incoming && namespace !== undefined) {
      const key = visitor.kind === "holder" ? `token ${visitor.token.id}` : `sandbox ${namespace}`;
      const { socket } = incoming;
      const open = connections.get(key) ?? new Set();
      // A request inside of a websocket ends with it, and is not counted once more.
      const isKnown = outgoing === undefined && open.has(socket);
      connections.set(key, open.add(socket));
      // A websocket has no answer that ends before its connection.
      if (!isKnown) {
        (outgoing ?? socket).once("close", () => {
          open.delete(socket);
          if (open.size === 0 && connections.get(key) === open) connections.delete(key);
        });
      }
    }
    await next();
  };
}
