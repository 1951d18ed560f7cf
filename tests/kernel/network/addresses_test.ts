import assert from "node:assert/strict";
import {
  isPrivate,
  isWithin,
  parseAddress,
  parseRange,
  privateIpv4Without,
} from "../../../kernel/network/addresses.ts";

Deno.test("parseAddress() reads addresses of both families, and nothing else", () => {
  assert.deepEqual(parseAddress("1.2.3.4"), { bits: 32, value: 0x01020304n });
  assert.deepEqual(parseAddress("::1"), { bits: 128, value: 1n });
  assert.deepEqual(parseAddress("fe80::1%eth0"), { bits: 128, value: (0xfe80n << 112n) | 1n });
  assert.deepEqual(parseAddress("::ffff:1.2.3.4"), { bits: 128, value: 0xffff01020304n });
  assert.deepEqual(
    parseAddress("1:2:3:4:5:6:7:8")?.value.toString(16),
    "10002000300040005000600070008",
  );
  for (
    const text of [
      ...["", "1.2.3", "1.2.3.256", "127.1", "0x7f000001", "1.2.3.4.5", "a.b.c.d", "example.com"],
      ...[":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "::g"],
      ...["::1.2.3", "::1.2.3.999", "[::1]"],
    ]
  ) {
    assert.equal(parseAddress(text), undefined, text);
  }
});

Deno.test("parseRange() reads a range, and an address as a range of one", () => {
  assert.deepEqual(parseRange("10.0.0.0/8"), { bits: 32, value: 10n << 24n, prefix: 8 });
  assert.deepEqual(parseRange("::1"), { bits: 128, value: 1n, prefix: 128 });
  for (const text of ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "x/8", "::/129"]) {
    assert.equal(parseRange(text), undefined, text);
  }
});

Deno.test("isPrivate() knows the addresses that are no public host's, also inside of addresses of IPv6", () => {
  for (
    const text of [
      ...["127.0.0.1", "127.255.0.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
      ...["169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"],
      ...["::", "::1", "fc00::1", "fdff::1", "fe80::1", "ff02::1"],
      ...["::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::"],
    ]
  ) {
    assert.equal(isPrivate(parseAddress(text)!), true, text);
  }
  for (
    const text of [
      ...["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1"],
      ...["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"],
    ]
  ) {
    assert.equal(isPrivate(parseAddress(text)!), false, text);
  }
});

Deno.test("privateIpv4Without() leaves out exactly the holes", () => {
  assert.ok(privateIpv4Without([]).includes("127.0.0.0/8"));
  const holes = ["127.0.0.1", "10.0.0.0/7", "192.168.4.0/24"].map((it) => parseRange(it)!);
  const ranges = privateIpv4Without(holes).map((it) => parseRange(it)!);
  const covers = (text: string) => ranges.some((it) => isWithin(parseAddress(text)!, it));
  for (const text of ["127.0.0.1", "10.0.0.1", "10.255.255.255", "192.168.4.0", "192.168.4.255"]) {
    assert.equal(covers(text), false, text);
  }
  for (
    const text of ["127.0.0.0", "127.0.0.2", "127.255.255.255", "192.168.3.255", "192.168.5.0"]
  ) {
    assert.equal(covers(text), true, text);
  }
});
