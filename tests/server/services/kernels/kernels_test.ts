import assert from "node:assert/strict";
import type { KernelFollower } from "../../../../server/services/kernels/supervisor.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { nextEvent } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

/** A follower that notes what it is told; `loss`, `dead` and `end` resolve when it is told so. */
function follower(wantsRestart: boolean) {
  const told: string[] = [];
  const loss = Promise.withResolvers<void>();
  const dead = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const note = (name: string, { resolve }: PromiseWithResolvers<void>) => () => {
    told.push(name);
    resolve();
  };
  const noteLoss = note("loss", loss);
  return {
    told,
    loss: loss.promise,
    dead: dead.promise,
    end: end.promise,
    connections: 1,
    wantsRestart,
    reportLoss(): Promise<void> {
      noteLoss();
      return Promise.resolve();
    },
    onDead: note("dead", dead),
    onEnd: note("end", end),
  } satisfies KernelFollower & Record<string, unknown>;
}

const KERNEL_PROFILES = JSON.stringify({ lasting: { autoRestart: true } });

Deno.test("a kernel that dies stays dead when nobody has asked for anything else", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const { kernels } = server.services;
  const { id } = await kernels.start({});
  const onlooker = follower(false);
  kernels.follow(id, onlooker);
  fake.made[0]!.die("it died");
  await onlooker.dead;
  assert.deepEqual(onlooker.told, ["dead"]);
  assert.equal((await kernels.get(id)).info.status, "dead");
  await kernels.restart(id);
  assert.equal((await kernels.get(id)).info.status, "idle");
  assert.equal(fake.made.length, 2);
});

for (
  const [what, start] of [
    ["its kind says so", { kind: "lasting" }],
    ["its creator says so", { autoRestart: true }],
  ] as const
) {
  Deno.test(`a kernel that dies is started again when ${what}`, async () => {
    await using fake = fakeManager();
    await using server = createServer({ manager: fake.manager, settings: { KERNEL_PROFILES } });
    const { id } = await server.services.kernels.start(start);
    const again = nextEvent(fake.manager, "status", ({ status }) => status === "idle");
    fake.made[0]!.die("it died");
    await again;
    assert.equal(fake.made.length, 2);
    const { status } = await server.json(200, "POST", `/api/kernels/${id}/executions`, {
      code: "1",
    });
    assert.equal(status, "ok");
  });
}

Deno.test("a kernel that dies is started again when a follower wants it, who is heard first", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager, settings: { KERNEL_PROFILES } });
  const { kernels } = server.services;
  const { id } = await kernels.start({ kind: "lasting", autoRestart: false });
  const reported = Promise.withResolvers<void>();
  const fan = follower(true);
  const reportLoss = () => fan.reportLoss().then(() => reported.promise);
  kernels.follow(id, { ...fan, reportLoss });
  fake.made[0]!.die("it died");
  await fan.loss;
  assert.equal(fake.made.length, 1);
  assert(!kernels.isRestarting(id));
  const again = nextEvent(fake.manager, "status", ({ status }) => status === "idle");
  reported.resolve();
  await again;
  assert.deepEqual(fan.told, ["loss"]);
});

Deno.test("a kernel that dies again and again is given up", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const { kernels } = server.services;
  const { id } = await kernels.start({ autoRestart: true });
  const onlooker = follower(false);
  kernels.follow(id, onlooker);
  for (let deaths = 1; deaths <= 5; deaths++) {
    const again = nextEvent(fake.manager, "status", ({ status }) => status === "idle");
    fake.made.at(-1)!.die("it died");
    await again;
  }
  fake.made.at(-1)!.die("it died");
  await onlooker.dead;
  assert.equal(fake.made.length, 6);
  assert.deepEqual(onlooker.told, [...Array(5).fill("loss"), "dead"]);
});

Deno.test("followers are told of a kernel's end, and count as its connections until then", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const { kernels } = server.services;
  const { id } = await kernels.start({});
  const fan = follower(true);
  kernels.follow(id, fan);
  {
    using _second = kernels.follow(id, follower(true));
    assert.equal(kernels.connections(), 2);
  }
  assert.equal((await server.json(200, "GET", `/api/kernels/${id}`)).connections, 1);
  const forgotten = Promise.withResolvers<string>();
  using _listening = kernels.onEnd(forgotten.resolve);
  await kernels.terminate(id);
  await fan.end;
  assert.equal(await forgotten.promise, id);
  assert.deepEqual(fan.told, ["end"]);
  assert.equal(kernels.connections(), 0);
  assert.equal(fake.made.length, 1);
});
