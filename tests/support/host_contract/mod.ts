import { testControl } from "./control.ts";
import { testConversations } from "./conversations.ts";
import { testExecutions } from "./executions.ts";
import { testLimits } from "./limits.ts";
import { testOutput } from "./output.ts";
import type { HostPromises } from "./promises.ts";
import { testSurroundings } from "./surroundings.ts";

/** The promises that every host keeps, as tests. */
export function testHostContract(promises: HostPromises): void {
  testExecutions(promises);
  testOutput(promises);
  testConversations(promises);
  testLimits(promises);
  testControl(promises);
  testSurroundings(promises);
}
