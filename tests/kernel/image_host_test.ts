import assert from "node:assert/strict";
import type { PackageImages } from "../../kernel/engine.ts";
import type { ExecuteRequest, HostEvent, HostInit } from "../../kernel/mod.ts";
import { ImageHost } from "../../kernel/image_host.ts";
import { DEFAULT_LIMITS, engineLimits } from "../../kernel/limits/limits.ts";
import { NOTHING } from "../../kernel/permissions.ts";
import { FakeHost } from "../support/fake_host.ts";
import { warnings } from "../support/mod.ts";

/** Images that have one image, for cells that name numpy or wait, and packages that name numpy. */
const IMAGES: PackageImages = {
  forCell: (code) => Promise.resolve(/numpy|wait/.test(code) ? "numbers" : undefined),
  forPackages: (names) => Promise.resolve(names.includes("numpy") ? "numbers" : undefined),
  warmUpCode: () => Promise.resolve(""),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function cell(code: string): ExecuteRequest {
  return {
    id: "1",
    code,
    silent: false,
    storeHistory: true,
    userExpressions: {},
    allowStdin: false,
  };
}

/** Makes a host with fake ones inside, which `steer` changes before they start. */
function imageHost(
  { packages = [], steer = () => {} }: {
    packages?: string[];
    steer?: (host: FakeHost) => void;
  } = {},
) {
  const made: FakeHost[] = [];
  const events: HostEvent[] = [];
  const init: HostInit = {
    options: {
      language: "python",
      mode: "worker",
      mounts: [],
      permissions: NOTHING,
      limits: engineLimits(DEFAULT_LIMITS),
      packages,
    },
    identity: { kernelId: "a", env: {}, cwd: "/" },
    onEvent: (event) => void events.push(event),
  };
  const host = new ImageHost(init, {
    images: IMAGES,
    createHost(wanted) {
      const fake = new FakeHost(wanted);
      steer(fake);
      made.push(fake);
      return fake;
    },
  });
  return { host, made, events };
}

function images(made: readonly FakeHost[]) {
  return made.map(({ init }) => init.options.image);
}

function codes(made: readonly FakeHost[]) {
  return made.map(({ requests }) => requests.map(({ code }) => code));
}

const output: HostEvent = { type: "stream", name: "stdout", text: "x" };

Deno.test("execute() exchanges an interpreter before a first cell that an image is for", async () => {
  const { host, made, events } = imageHost();
  await host.start();
  await host.execute(cell("import numpy"));
  await host.execute(cell("import numpy, again"));
  assert.deepEqual(images(made), [undefined, "numbers"]);
  assert.deepEqual(codes(made), [[], ["import numpy", "import numpy, again"]]);
  assert.equal(made[0]!.terminated, "another interpreter took its place");
  made[0]!.init.onEvent(output);
  made[1]!.init.onEvent(output);
  assert.equal(events.length, 1, "the interpreter that has gone says nothing any more");
});

Deno.test("execute() keeps an interpreter in which a cell has run", async () => {
  const { host, made } = imageHost();
  await host.start();
  await host.execute(cell("x = 1"));
  await host.execute(cell("import numpy"));
  assert.deepEqual(codes(made), [["x = 1", "import numpy"]]);
});

for (
  const [method, exchanged] of [["fileRead", true], ["fileAppend", false], [
    "commOpen",
    false,
  ]] as const
) {
  Deno.test(`execute() ${exchanged ? "exchanges" : "keeps"} an interpreter after a call of ${method}`, async () => {
    const { host, made } = imageHost();
    await host.start();
    await host.call(method, {} as never).catch(() => {});
    await host.execute(cell("import numpy"));
    assert.equal(made.length, exchanged ? 2 : 1);
  });
}

Deno.test("execute() runs in the first interpreter when the image's does not start", async () => {
  using warned = warnings();
  const { host, made } = imageHost({
    steer: (fake) => {
      if (fake.init.options.image) fake.starting = Promise.reject(new Error("no room"));
    },
  });
  await host.start();
  await host.execute(cell("import numpy"));
  assert.deepEqual(codes(made), [["import numpy"], []]);
  assert.equal(made[1]!.terminated, "it did not start");
  assert.match(warned.texts.join(), /does without its image of packages: no room/);
  await host.execute(cell("import numpy"));
  assert.equal(made.length, 2, "it is not tried again");
});

Deno.test("start() starts a kernel with packages from their image alone", async () => {
  const { host, made } = imageHost({ packages: ["numpy"] });
  await host.start();
  await host.execute(cell("import numpy"));
  assert.deepEqual(codes(made), [[], ["import numpy"]]);
  const other = imageHost({ packages: ["six"] });
  await other.host.start();
  await other.host.execute(cell("import numpy"));
  assert.deepEqual(
    images(other.made),
    [undefined],
    "it has packages of its own, which would be lost",
  );
});

Deno.test("interrupt() waits for an exchange, and reaches the cell", async () => {
  const starting = Promise.withResolvers<void>();
  const { host } = imageHost({
    steer: (fake) => {
      if (fake.init.options.image) fake.starting = starting.promise;
    },
  });
  await host.start();
  const running = host.execute(cell("wait"));
  const interrupted = host.interrupt("1");
  starting.resolve();
  assert.equal(await interrupted, "delivered");
  assert.equal((await running).error?.ename, "KeyboardInterrupt");
});

Deno.test("terminate() ends an exchange that is under way", async () => {
  const starting = Promise.withResolvers<void>();
  const { host, made } = imageHost({
    steer: (fake) => {
      if (fake.init.options.image) fake.starting = starting.promise;
    },
  });
  await host.start();
  const running = host.execute(cell("import numpy"));
  running.catch(() => {});
  while (made.length < 2) await Promise.resolve();
  await host.terminate("enough");
  assert.deepEqual(made.map(({ terminated }) => terminated), ["enough", "enough"]);
  assert.equal(await host.exited, "enough");
});

Deno.test("terminate() waits for the end of an interpreter that was exchanged", async () => {
  const ending = Promise.withResolvers<void>();
  const { host, made } = imageHost();
  await host.start();
  made[0]!.ending = ending.promise;
  await host.execute(cell("import numpy"));
  const events: string[] = [];
  const terminated = host.terminate("enough").then(() => events.push("terminated"));
  await made[1]!.exited;
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  events.push("ended");
  ending.resolve();
  await terminated;
  assert.deepEqual(events, ["ended", "terminated"]);
});

Deno.test("exited resolves when the interpreter that took the place of another one ends", async () => {
  const { host, made } = imageHost();
  await host.start();
  await host.execute(cell("import numpy"));
  await made[1]!.terminate("it crashed");
  assert.equal(await host.exited, "it crashed");
});
