import { runtimeAttacks } from "./cases/runtime.ts";
import { testAttacks } from "./runner.ts";

testAttacks("runtime", runtimeAttacks, { fromImage: true });
