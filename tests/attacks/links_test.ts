import { linkAttacks } from "./cases/links.ts";
import { testAttacks } from "./runner.ts";

testAttacks("links", linkAttacks);
