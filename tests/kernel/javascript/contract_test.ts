import { KernelMode } from "../../../kernel/mod.ts";
import { JAVASCRIPT, TYPESCRIPT } from "../../support/host_contract/dialects.ts";
import { testLanguageContract } from "../../support/host_contract/language.ts";

for (const dialect of [JAVASCRIPT, TYPESCRIPT]) {
  for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
    testLanguageContract({ mode, preemptive: true }, dialect);
  }
}
