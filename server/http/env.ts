import type { HttpBindings } from "@hono/node-server";

/** The values that the server and its middleware leave for the handlers of a request. */
export interface ServerEnv {
  /** The connection; missing when a request does not come from a port. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    client: {
      /** The address of the client; undefined when nobody knows it. */
      address: string | undefined;
      /** True when a trusted proxy says that the request came to it by TLS. */
      secure: boolean;
    };
    /** Names the request in answers and logs. */
    requestId: string;
  };
}
