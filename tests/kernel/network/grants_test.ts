import assert from "node:assert/strict";
import { isHostEntry, NetworkGrants } from "../../../kernel/network/grants.ts";

Deno.test("covers() compares names and addresses with the granted ones, with their ports", () => {
  const grants = new NetworkGrants([
    ...["Example.com:443", "plain.test", "*.wild.test:80", "10.1.0.0/16", "[::1]:8080"],
  ]);
  for (
    const [host, port] of [
      ...[["example.com", 443], ["EXAMPLE.com.", 443], ["plain.test", 1], ["a.wild.test", 80]],
      ...[["b.a.wild.test", 80], ["10.1.2.3", 5], ["::1", 8080]],
    ] as const
  ) {
    assert.equal(grants.covers(host as string, port as number), true, `${host}:${port}`);
  }
  for (
    const [host, port] of [
      ...[["example.com", 80], ["sub.example.com", 443], ["wild.test", 80], ["xwild.test", 80]],
      ...[["10.2.0.1", 5], ["::1", 80], ["::2", 8080], ["127.0.0.1", 8080]],
    ] as const
  ) {
    assert.equal(grants.covers(host as string, port as number), false, `${host}:${port}`);
  }
  assert.equal(grants.coversHost("example.com"), true);
  assert.equal(grants.coversHost("other.test"), false);
  assert.equal(new NetworkGrants([]).none, true);
  assert.equal(new NetworkGrants(true).covers("any.test", 1), true);
});

Deno.test("admits() takes public addresses, and private ones that are granted themselves", () => {
  const names = new NetworkGrants(["example.com:443"]);
  assert.equal(names.admits("8.8.8.8", 443), true);
  for (
    const address of ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1", "nonsense"]
  ) {
    assert.equal(names.admits(address, 443), false, address);
  }
  const local = new NetworkGrants(["example.com", "localhost:8080", "10.0.0.5:5432"]);
  assert.equal(local.admits("127.0.0.1", 8080), true);
  assert.equal(local.admits("::1", 8080), true);
  assert.equal(local.admits("127.0.0.1", 80), false);
  assert.equal(local.admits("10.0.0.5", 5432), true);
  assert.equal(local.admits("10.0.0.5", 22), false);
  assert.equal(local.admits("10.0.0.6", 5432), false);
  assert.equal(new NetworkGrants(true).admits("127.0.0.1", 1), true);
});

Deno.test("deniedAddresses() lists the private addresses that were not granted, for the engine", () => {
  const denied = new NetworkGrants(["example.com"]).deniedAddresses();
  assert.ok(["127.0.0.0/8", "169.254.0.0/16", "[::1]", "[::]"].every((it) => denied.includes(it)));
  const local = new NetworkGrants(["localhost", "192.168.0.1:80"]).deniedAddresses();
  assert.ok(!local.some((it) => it.startsWith("127.") || it === "[::1]" || it === "192.168.0.1"));
  assert.ok(local.includes("192.168.0.0/32") || local.includes("192.168.0.0"));
  assert.deepEqual(new NetworkGrants(true).deniedAddresses(), []);
});

Deno.test("portOf() names a port with which a name is granted, unless it is granted with all", () => {
  const grants = new NetworkGrants([
    "a.test:443",
    "a.test:80",
    "*.b.test:22",
    "c.test:1",
    "c.test",
  ]);
  const ports = ["A.test.", "x.b.test", "c.test", "d.test"].map((it) => grants.portOf(it));
  assert.deepEqual(ports, [443, 22, undefined, undefined]);
});

Deno.test("isHostEntry() takes what the permission can have, and nothing else", () => {
  for (
    const text of [
      ...["example.com", "Example.com.:443", "*.example.com:80", "a_b", "xn--a.b", "127.1", "a:0"],
      ...["10.0.0.5", "10.0.0.5:65535", "10.0.0.0/24", "10.0.0.0/24:80", "[::1]", "[::1]:80"],
    ]
  ) assert.ok(isHostEntry(text), text);
  for (
    const text of [
      ...["", "*", "a*", "a..b", "a.com,b.com", "https://a.com", "a.com/x", "a b", "a:", "a:65536"],
      ...["::1", "[::1", "[10.0.0.5]", "[::]/8", "::/0", "10.0.0.0/33", "é.com", "a\0.com", ":80"],
      ...["a\n", "x".repeat(300)],
    ]
  ) assert.ok(!isHostEntry(text), text);
});
