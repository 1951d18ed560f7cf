import { hostAttacks } from "./cases/host.ts";
import { runtimeAttacks } from "./cases/runtime.ts";
import { testAttacks } from "./runner.ts";

testAttacks("host", hostAttacks, { fromImage: true });
testAttacks("runtime", runtimeAttacks, { fromImage: true });
