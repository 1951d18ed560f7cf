import { mountAttacks } from "./cases/mounts.ts";
import { testAttacks } from "./runner.ts";

testAttacks("mounts", mountAttacks);
