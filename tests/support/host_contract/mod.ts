import { testControl } from "./control.ts";
import { testConversations } from "./conversations.ts";
import { ECHO, PYTHON } from "./dialects.ts";
import { testExecutions } from "./executions.ts";
import { testLanguageContract } from "./language.ts";
import { testLimits } from "./limits.ts";
import { testOutput } from "./output.ts";
import type { HostPromises } from "./promises.ts";
import { testSurroundings } from "./surroundings.ts";

/** Tests the promises that every host keeps. */
export function testHostContract(promises: HostPromises): void {
  for (const dialect of [PYTHON, ECHO]) testLanguageContract(promises, dialect);
  testExecutions(promises);
  testOutput(promises);
  testConversations(promises);
  testLimits(promises);
  testControl(promises);
  testSurroundings(promises);
}
