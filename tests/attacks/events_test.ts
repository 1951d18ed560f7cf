import { eventAttacks } from "./cases/events.ts";
import { testAttacks } from "./runner.ts";

testAttacks("events", eventAttacks);
