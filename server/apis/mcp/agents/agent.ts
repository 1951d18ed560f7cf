/**
 * A client as far as the server can tell it from others: the connection that its calls come by. A request
 * of the protocol of 2026 belongs to no connection, so that each is an agent of its own.
 */
export class Agent {
  /** True when later calls of this client can be recognized. */
  readonly lasting: boolean;
  /** The names of the sessions that this client has started. */
  readonly started = new Set<string>();
  /** The session of calls that name none. */
  ownSession: string | undefined;

  constructor({ lasting }: { lasting: boolean }) {
    this.lasting = lasting;
  }
}
