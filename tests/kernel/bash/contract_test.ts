import { KernelMode } from "../../../kernel/mod.ts";
import { LOCAL_MODES } from "../../../kernel/start_options.ts";
import { BASH } from "../../support/host_contract/dialects.ts";
import { testLanguageContract } from "../../support/host_contract/language.ts";

for (const mode of LOCAL_MODES) {
  testLanguageContract({ mode, preemptive: mode !== KernelMode.MAIN_THREAD }, BASH);
}
