import assert from "node:assert/strict";
import { PackageCache } from "../../../kernel/packages/package_cache.ts";
import { type PackagePlan, parseQuestion } from "../../../kernel/packages/package_plan.ts";
import {
  type MakePlan,
  PlanCache,
  type PlanCacheOptions,
} from "../../../kernel/packages/plan_cache.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const question = {
  ...{ requirements: ["alpha"], constraints: [], upgrade: false },
  ...{ prereleases: false, dependencies: true },
};
const plan: PackagePlan = {
  install: [{
    ...{ name: "alpha", version: "1", origin: "index", file: "alpha-1-py3-none-any.whl" },
    ...{ address: "https://x/alpha-1-py3-none-any.whl", sha256: "0".repeat(64) },
    ...{ size: null, requested: true },
  }],
  notes: [],
  complete: true,
};

interface Fixture extends AsyncDisposable {
  /** The time, in milliseconds. */
  time: number;
  open(make: MakePlan, verify?: PlanCacheOptions["verify"]): PlanCache;
}

async function fixture(): Promise<Fixture> {
  const directory = await temporaryDirectory();
  const cache = new PackageCache(directory.path, 2 ** 20);
  const it: Fixture = {
    time: 0,
    open: (make, verify = () => Promise.resolve()) =>
      new PlanCache({ cache, make, verify, maxAgeMs: 600_000, now: () => it.time }),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
  return it;
}

Deno.test("PlanCache.get() has what was missed before, made once and until it is old", async () => {
  await using it = await fixture();
  let made = 0;
  const make: MakePlan = ({ requirements }) => {
    made++;
    assert.deepEqual(requirements, question.requirements);
    return Promise.resolve(JSON.stringify(plan));
  };
  await using plans = it.open(make);
  assert.deepEqual(
    await Promise.all([plans.get(question, "a"), plans.get(question, "a")]),
    [undefined, undefined],
  );
  await plans.idle;
  assert.deepEqual(await plans.get(question, "a"), plan);
  await using another = it.open(() => assert.fail("it is there"));
  assert.deepEqual(await another.get(question, "a"), plan);
  assert.equal(made, 1);
  it.time = 600_000;
  assert.equal(await plans.get(question, "a"), undefined);
  await plans.idle;
  assert.deepEqual(await plans.get(question, "a"), plan);
  assert.equal(made, 2);
  assert.equal(await plans.get(question, "other sources"), undefined);
  assert.equal(await plans.get({ ...question, upgrade: true }, "a"), undefined);
  await plans.idle;
  assert.equal(made, 4);
});

Deno.test("PlanCache uses a plan that lacks something for a minute", async () => {
  await using it = await fixture();
  const lacking = { ...plan, notes: ["Cannot reach https://x"], complete: false };
  let found = lacking;
  await using plans = it.open(() => Promise.resolve(JSON.stringify(found)));
  await plans.get(question, "a");
  await plans.idle;
  it.time = 59_999;
  assert.deepEqual(await plans.get(question, "a"), lacking);
  it.time = 60_000;
  found = plan;
  assert.equal(await plans.get(question, "a"), undefined);
  await plans.idle;
  assert.deepEqual(await plans.get(question, "a"), plan);
});

Deno.test("PlanCache keeps nothing that is no plan or names files that no source lists", async () => {
  const step = plan.install[0]!;
  for (
    const [answer, reason] of [
      ["no JSON", /is not valid JSON/],
      [JSON.stringify({ ...plan, more: 1 }), /Unrecognized key/],
      [JSON.stringify({ ...plan, install: [{ ...step, sha256: null }] }), /sha256/],
      [JSON.stringify({ ...plan, install: [{ ...step, origin: "address" }] }), /origin/],
      [`${" ".repeat(600_000)}${JSON.stringify(plan)}`, /it is too large/],
      [JSON.stringify(plan), /alpha is not listed/],
    ] as const
  ) {
    await using it = await fixture();
    using warned = warnings();
    let made = 0;
    await using plans = it.open(() => {
      made++;
      return Promise.resolve(answer);
    }, () => Promise.reject(new Error("alpha is not listed")));
    for (let times = 0; times < 2; times++) {
      assert.equal(await plans.get(question, "a"), undefined);
      await plans.idle;
    }
    assert.equal(made, 1, "it is tried again only when plans are old");
    assert.match(warned.texts.join("\n"), reason);
  }
});

Deno.test("PlanCache has few plans made at a time, and gives them up when it is disposed", async () => {
  await using it = await fixture();
  const begun = Promise.withResolvers<void>();
  const made: string[] = [];
  const plans = it.open((asked, signal) => {
    made.push(asked.requirements[0]!);
    begun.resolve();
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(new Error("it is ended")))
    );
  });
  for (let index = 0; index < 50; index++) {
    await plans.get({ ...question, requirements: [`alpha${index}`] }, "a");
  }
  await begun.promise;
  await plans[Symbol.asyncDispose]();
  assert.deepEqual(made, ["alpha0"]);
});

Deno.test("parseQuestion() takes requirements by a name, and no others", () => {
  const parse = (more: unknown) =>
    parseQuestion(JSON.stringify({ ...question, ...more as object }));
  assert.deepEqual(parse({}), question);
  const named = ["a[b,c]>=1,<2; python_version < '3.9'"];
  assert.deepEqual(parse({ requirements: named })?.requirements, named);
  for (
    const wrong of [
      { requirements: [] },
      { requirements: ["/data/a-1-py3-none-any.whl"] },
      { requirements: ["a @ https://x/a.whl"] },
      { requirements: ["./a"] },
      { requirements: ["a-1-py3-none-any.whl"] },
      { requirements: ["a\nb"] },
      { requirements: new Array(201).fill("a") },
      { upgrade: 1 },
      { more: true },
    ]
  ) assert.equal(parse(wrong), undefined, JSON.stringify(wrong));
  assert.equal(parseQuestion("no JSON"), undefined);
});
