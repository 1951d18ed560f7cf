import { hostAttacks } from "./cases/host.ts";
import { testAttacks } from "./runner.ts";

testAttacks("host", hostAttacks);
