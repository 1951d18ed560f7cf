import type { HttpBindings } from "@hono/node-server";
import type { Visitor } from "./visitor.ts";

/** The values that the server and its middleware leave for the handlers of a request. */
export interface ServerEnv {
  /** Node's request and response; missing when a request does not come from a port. */
  Bindings: Partial<HttpBindings> & {
    /** The path below which the client sees the routes, without a slash at its end; undefined: they are at "/". */
    basePath?: string;
  };
  Variables: {
    client: {
      /** The address of the client; undefined when it is unknown. */
      address: string | undefined;
      /** True when a trusted proxy says that the client has sent the request by TLS. */
      secure: boolean;
    };
    /** The one who sends the request. */
    visitor: Visitor;
    /** The pattern of the path that the request was answered by, if it was passed on. */
    route?: string;
    /** The name of the request in answers and logs. */
    requestId: string;
    /** Answers a request that came inside of this one, with all checks of the server. */
    fetch: (request: Request, env: ServerEnv["Bindings"]) => Response | Promise<Response>;
  };
}
