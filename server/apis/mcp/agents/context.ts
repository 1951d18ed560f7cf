import { createRequestStateCodec, type RequestStateCodec } from "@modelcontextprotocol/server";
import { randomBytes } from "node:crypto";
import type { Services } from "../../../services/mod.ts";
import type { Agent } from "./agent.ts";
import { RunArtifacts } from "./run_artifacts.ts";
import { AgentSessions } from "./sessions.ts";

/** A question of a run, which travels through the client and back with the answer. */
export interface PendingInput {
  run: string;
  requestId: string;
}

/** The parts that all agents of one server share. */
export interface AgentServices {
  readonly services: Services;
  readonly sessions: AgentSessions;
  /** Seals the questions of runs, so that a client can answer none that it was not asked. */
  readonly questions: RequestStateCodec<PendingInput>;
  /** The files that are wanted of runs. */
  readonly artifacts: RunArtifacts;
}

/** The time that a question stays valid, in seconds: a person may take a while. */
const QUESTION_SECONDS = 3_600;

/** Makes the parts that all agents of one server share. */
export function agentServices(services: Services): AgentServices {
  return {
    services,
    sessions: new AgentSessions(services.kernels, services.agents.kernels),
    artifacts: new RunArtifacts(),
    questions: createRequestStateCodec<PendingInput>({
      key: randomBytes(32),
      ttlSeconds: QUESTION_SECONDS,
    }),
  };
}

/** The surroundings of one agent's calls. */
export interface AgentContext extends AgentServices {
  readonly agent: Agent;
}
