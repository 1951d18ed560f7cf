import { KernelMode } from "../../../kernel/mod.ts";
import { testHostContract } from "../../support/host_contract.ts";

testHostContract({ mode: KernelMode.WORKER, preemptive: true });
