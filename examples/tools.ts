// Lets Python call functions of this program, and nothing else of it.
import { KernelManager } from "../kernel/mod.ts";

const prices = new Map([["apple", 2], ["pear", 3]]);

await using manager = new KernelManager();
const kernelId = await manager.createKernel({
  tools: {
    price: {
      description: "Returns the price of a product.",
      inputSchema: {
        type: "object",
        properties: { name: { type: "string" } },
        required: ["name"],
      },
      // The arguments come from code in the kernel: this function checks them.
      call({ name }) {
        const price = prices.get(String(name));
        if (price === undefined) throw new Error(`there is no product "${name}"`);
        return price;
      },
    },
  },
});

const code = `
import asyncio
total = sum(await asyncio.gather(tools.price("apple"), tools.price("pear")))
try:
    tools.price.sync("melon")
except tools.ToolError as error:
    print(error)
total`;
const { outputs, result } = await manager.execute(kernelId, code);
const [printed] = outputs;
if (printed?.output_type === "stream") console.log(printed.text.trimEnd());
console.log("total:", result?.data["text/plain"]);
