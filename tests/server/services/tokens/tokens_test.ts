import assert from "node:assert/strict";
import { KernelMode } from "../../../../kernel/mod.ts";
import type { Token } from "../../../../server/services/tokens/token.ts";
import { Tokens } from "../../../../server/services/tokens/tokens.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const { PROCESS, WORKER, MAIN_THREAD } = KernelMode;

/** Tokens that are kept in a file of a directory, or with the object only. */
function openTokens(file?: string, clock = new FakeClock()) {
  const modes = [PROCESS, WORKER, MAIN_THREAD];
  return new Tokens({ file, clock, modes, defaultMode: PROCESS, namespaceKernels: 16 });
}

/** Collects the ids of the tokens that end. */
function endings(tokens: Tokens): string[] {
  const ended: string[] = [];
  tokens.onEnd(({ id }: Token) => void ended.push(id));
  return ended;
}

Deno.test("create() makes tokens that find() knows by nothing but themselves", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/tokens.json`;
  await using tokens = openTokens(file);
  const { token, secret } = await tokens.create({ namespace: "alice" });
  const text = await Deno.readTextFile(file);
  assert(!text.includes(secret));
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  assert.equal(tokens.find(secret), token);
  for (const wrong of ["", token.id, token.entry.sha256, `${secret} `, secret.slice(0, -1)]) {
    assert.equal(tokens.find(wrong), undefined, wrong);
  }
  await using others = openTokens(file);
  assert.equal(others.find(secret)?.namespace, "alice");
});

Deno.test("a token has all scopes, and nothing of the host, unless its settings say so", async () => {
  await using tokens = openTokens();
  const { token } = tokens.issue({ namespace: "alice" });
  assert.deepEqual([...token.scopes], ["read", "run", "files"]);
  assert.equal(token.families, undefined);
  const { modes, mounts, servers, permissions, maxKernels } = token.grant;
  assert.deepEqual([modes, mounts, servers, permissions, maxKernels], [
    [PROCESS],
    [],
    [],
    false,
    16,
  ]);
  const { token: wide } = tokens.issue({ namespace: "alice", modes: [WORKER], servers: ["gpu"] });
  assert.deepEqual(wide.grant.modes, [WORKER, KernelMode.REMOTE]);
  assert.deepEqual(tokens.grantFor("alice").modes, []);
  assert.equal(tokens.grantFor("nobody").maxKernels, 0);
});

Deno.test("withdraw() ends one token, and an unknown id none", async () => {
  await using directory = await temporaryDirectory();
  await using tokens = openTokens(`${directory.path}/tokens.json`);
  const ended = endings(tokens);
  const [a, b] = [
    await tokens.create({ namespace: "alice" }),
    await tokens.create({ namespace: "alice" }),
  ];
  assert(!await tokens.withdraw("nobody"));
  assert(await tokens.withdraw(a.token.id));
  assert(!await tokens.withdraw(a.token.id));
  assert.deepEqual(ended, [a.token.id]);
  assert.equal(tokens.find(a.secret), undefined);
  assert.equal(tokens.find(b.secret), b.token);
});

Deno.test("what another program writes to the file counts, and ends what it removes", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/tokens.json`;
  const clock = new FakeClock();
  await using tokens = openTokens(file, clock);
  await using program = openTokens(file);
  const ended = endings(tokens);
  const own = await tokens.create({ namespace: "alice", limits: { memoryMiB: 128, kernels: 2 } });
  const other = await program.create({ namespace: "bob" });
  await clock.advance(1_000);
  assert.equal(tokens.find(other.secret)?.namespace, "bob");
  assert.equal(tokens.find(own.secret), own.token);
  assert.deepEqual(ended, []);
  assert(await program.withdraw(own.token.id));
  await clock.advance(1_000);
  assert.equal(tokens.find(own.secret), undefined);
  assert.deepEqual(ended, [own.token.id]);
});

Deno.test("a file that becomes wrong, or disappears, changes no token", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/tokens.json`;
  const clock = new FakeClock();
  await using tokens = openTokens(file, clock);
  const { secret, token } = await tokens.create({ namespace: "alice" });
  for (const text of ["", "[]", '{"tokens":[{}]}']) {
    await Deno.writeTextFile(file, text);
    await clock.advance(1_000);
    assert.equal(tokens.find(secret), token, text);
    await assert.rejects(tokens.create({ namespace: "bob" }), { name: "TokenFileError" });
    assert.equal(await Deno.readTextFile(file), text);
  }
  await Deno.remove(file);
  await clock.advance(1_000);
  assert.equal(tokens.find(secret), token);
});

Deno.test("a token ends at its time", async () => {
  const clock = new FakeClock();
  await using tokens = openTokens(undefined, clock);
  const ended = endings(tokens);
  const expiresAt = new Date(Date.now() - 1).toISOString();
  const { token, secret } = tokens.issue({ namespace: "alice", expiresAt });
  assert.equal(tokens.find(secret), undefined);
  assert.deepEqual(tokens.list(), []);
  await clock.advance(1_000);
  assert.deepEqual(ended, [token.id]);
  assert(!tokens.areUsed);
});

Deno.test("Tokens refuses a file that is wrong, and says where", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/tokens.json`;
  const sha256 = "0".repeat(64);
  const good = { namespace: "alice", sha256 };
  const cases: [unknown, RegExp][] = [
    ["no JSON", /Unexpected token|JSON/],
    [[], /expected object/],
    [{ tokens: [{ namespace: "alice" }] }, /tokens\.0\.sha256/],
    [{ tokens: [{ namespace: "alice", sha256: "secret" }] }, /sha256: use the 64 hexadecimal/],
    [{ tokens: [{ ...good, namespace: "a.b" }] }, /tokens\.0\.namespace: use 1 to 32 letters/],
    [{ tokens: [{ ...good, namespace: "mcp" }] }, /namespace: an API of this server/],
    [{ tokens: [{ ...good, scope: ["run"] }] }, /scope/],
    [{ tokens: [{ ...good, scopes: ["run", "all"] }] }, /scopes\.1: use read, run, files/],
    [{ tokens: [{ ...good, scopes: [] }] }, /scopes: name a scope/],
    [{ tokens: [{ ...good, families: ["smtp"] }] }, /families\.0: use native/],
    [{ tokens: [{ ...good, limits: { memoryMiB: 1 } }] }, /limits: memoryMiB: use a whole number/],
    [{ tokens: [{ ...good, limits: { kernels: -1 } }] }, /limits\.kernels/],
    [{ tokens: [{ ...good, mounts: ["data"] }] }, /mounts\.0: use absolute directories/],
    [{ tokens: [{ ...good, requestsPerMinute: 0 }] }, /requestsPerMinute: use 1 or more/],
    [{ tokens: [good, { ...good, namespace: "bob" }] }, /tokens\.1\.sha256: another token has it/],
    [
      { tokens: [{ ...good, id: "x" }, { ...good, sha256: "1".repeat(64), id: "x" }] },
      /tokens\.1\.id/,
    ],
  ];
  for (const [content, reason] of cases) {
    await Deno.writeTextFile(
      file,
      typeof content === "string" ? content : JSON.stringify(content),
    );
    const name = JSON.stringify(content);
    assert.throws(() => openTokens(file), { name: "TokenFileError", message: reason }, name);
  }
  await Deno.remove(file);
  await Deno.mkdir(file);
  assert.throws(() => openTokens(file), { name: "TokenFileError" });
});

Deno.test("two programs that make tokens at once lose none", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/tokens.json`;
  await using a = openTokens(file);
  await using b = openTokens(file);
  const made = await Promise.all(
    Array.from({ length: 10 }, (_, index) => [a, b][index % 2]!.create({ namespace: "alice" })),
  );
  await using tokens = openTokens(file);
  for (const { secret } of made) assert(tokens.find(secret));
  assert.equal(tokens.list().length, 10);
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name), ["tokens.json"]);
});

Deno.test("a lock that a program has left behind holds nobody up for ever", async () => {
  await using directory = await temporaryDirectory({ "tokens.json.lock": "" });
  await Deno.utime(`${directory.path}/tokens.json.lock`, 0, 0);
  await using tokens = openTokens(`${directory.path}/tokens.json`);
  const { secret } = await tokens.create({ namespace: "alice" });
  assert(tokens.find(secret));
});

Deno.test("the file keeps the mode that somebody has given it", async () => {
  await using directory = await temporaryDirectory({ "tokens.json": '{"tokens":[]}' });
  const file = `${directory.path}/tokens.json`;
  await Deno.chmod(file, 0o640);
  await using tokens = openTokens(file);
  await tokens.create({ namespace: "alice" });
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o640);
});
