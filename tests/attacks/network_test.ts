import { networkAttacks } from "./cases/network.ts";
import { testAttacks } from "./runner.ts";

testAttacks("network", networkAttacks);
