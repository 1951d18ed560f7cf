import assert from "node:assert/strict";
import { FrameTurns } from "../../../../kernel/hosts/process/frame_turns.ts";

const LARGE = 2 ** 20;

Deno.test("FrameTurns.take() lets others have the thread between two large frames", async () => {
  const turns = new FrameTurns();
  const order: string[] = [];
  const read = async (name: string) => {
    await turns.take(LARGE);
    order.push(name);
    // Set when the frame is read, as the next request of a client may come then.
    setTimeout(() => order.push("request"), 0);
    // A frame that takes a while: the request is due when it is done.
    for (const begin = performance.now(); performance.now() - begin < 5;);
  };
  await Promise.all([read("a"), read("b"), read("c")]);
  assert.deepEqual(order, ["a", "request", "b", "request", "c"]);
  await new Promise((resolve) => setTimeout(resolve, 0));
});

Deno.test("FrameTurns.take() keeps no small frame waiting", async () => {
  const turns = new FrameTurns();
  const order: string[] = [];
  const large = turns.take(LARGE).then(() => order.push("large"));
  await turns.take(1);
  order.push("small");
  await large;
  assert.deepEqual(order, ["small", "large"]);
});
