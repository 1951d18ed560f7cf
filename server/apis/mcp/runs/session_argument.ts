import { z } from "zod";

/** The name of a session, as agents give it. */
export const sessionName = z.string().min(1).max(300);

/** The session of a call that may start one. */
export const openSession = sessionName.optional().describe(
  "The session to run in: a name from an earlier answer, or one of your own, which starts that session " +
    "if it is new (letters, digits, . _ -). Left out: the session of this connection, or a new one when " +
    "the connection has none",
);

/** The session of a call that needs one. */
export const knownSession = sessionName.optional().describe(
  "The name of the session. Left out: the session of this connection",
);
