import { KernelMode } from "../../../../kernel/mod.ts";
import { testFilesContract } from "../../../support/files_contract.ts";
import { testHostContract } from "../../../support/host_contract/mod.ts";

testHostContract({ mode: KernelMode.WORKER, preemptive: true });
testFilesContract(KernelMode.WORKER);
