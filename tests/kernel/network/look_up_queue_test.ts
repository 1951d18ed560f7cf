import assert from "node:assert/strict";
import { LookUpQueue } from "../../../kernel/network/look_up_queue.ts";

/** Makes look-ups that end when they are told to. */
function lookUps(queue: LookUpQueue, count: number) {
  const begun: number[] = [];
  const ends = Array.from({ length: count }, () => Promise.withResolvers<number>());
  const all = ends.map(({ promise }, index) =>
    queue.run(() => {
      begun.push(index);
      return promise;
    })
  );
  return { begun, ends, all };
}

Deno.test("run() begins look-ups in order, and no more than the count at a time", async () => {
  const { begun, ends, all } = lookUps(new LookUpQueue(2), 4);
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1]);
  ends[1]!.reject(new Error("no such name"));
  await assert.rejects(all[1]!, /no such name/);
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1, 2]);
  for (const { resolve } of ends) resolve(7);
  assert.deepEqual(await Promise.all([all[0], all[2], all[3]]), [7, 7, 7]);
  assert.deepEqual(begun, [0, 1, 2, 3]);
});

Deno.test("end() refuses the look-ups that wait and later ones, and leaves those that run", async () => {
  const queue = new LookUpQueue(1);
  const { begun, ends, all } = lookUps(queue, 3);
  queue.end(new Error("the kernel has ended"));
  await assert.rejects(all[1]!, /has ended/);
  await assert.rejects(all[2]!, /has ended/);
  await assert.rejects(queue.run(() => Promise.resolve(1)), /has ended/);
  ends[0]!.resolve(7);
  assert.deepEqual([await all[0], begun], [7, [0]]);
});
