import { memoryAttacks } from "./cases/memory.ts";
import { testAttacks } from "./runner.ts";

testAttacks("memory", memoryAttacks);
