import { outputAttacks } from "./cases/output.ts";
import { testAttacks } from "./runner.ts";

testAttacks("output", outputAttacks);
