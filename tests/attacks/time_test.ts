import { timeAttacks } from "./cases/time.ts";
import { testAttacks } from "./runner.ts";

testAttacks("time", timeAttacks);
