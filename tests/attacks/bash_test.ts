import { bashAttacks } from "./cases/bash.ts";
import { testAttacks } from "./runner.ts";

testAttacks("bash", bashAttacks);
