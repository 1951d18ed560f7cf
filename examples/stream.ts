// Follows one execution while it runs, and answers its input().
import { KernelManager } from "../kernel/mod.ts";

await using manager = new KernelManager();
const kernelId = await manager.createKernel();

const execution = manager.executeStream(
  kernelId,
  `
import time
for step in range(3):
    print("step", step)
    time.sleep(0.1)
input("How did it go? ")`,
  { allowStdin: true },
);

for await (const event of execution) {
  switch (event.type) {
    case "stream":
      console.log(event.text.trimEnd());
      break;
    case "input_request":
      console.log(event.prompt);
      await manager.getKernel(kernelId).answerInput(event.requestId, "well");
      break;
    case "execute_result":
      console.log(event.data["text/plain"]);
  }
}
console.log((await execution.result).status);
