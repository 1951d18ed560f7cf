import { javascriptAttacks } from "./cases/javascript.ts";
import { testAttacks } from "./runner.ts";

testAttacks("javascript", javascriptAttacks);
