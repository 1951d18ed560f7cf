import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "./session.ts";

/** The session whose kernel has made the outputs; null where a notebook is shown without one. */
export const LiveSession = createContext<Session | null>(null);

/** Returns the session of the notebook that the component is part of. */
export function useSession(): Session | null {
  return useContext(LiveSession);
}
