import { KernelMode } from "../../../kernel/mod.ts";
import { BASH } from "../../support/host_contract/dialects.ts";
import { testLanguageContract } from "../../support/host_contract/language.ts";

for (const mode of Object.values(KernelMode)) {
  testLanguageContract({ mode, preemptive: mode !== KernelMode.MAIN_THREAD }, BASH);
}
