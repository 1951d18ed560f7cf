import assert from "node:assert/strict";
import { WaitingRequests } from "../../../../../server/apis/jupyter/channels/waiting_requests.ts";

const MIB = 2 ** 20;

Deno.test("add() bounds the bytes of the requests that wait, but for the first one", () => {
  const waiting = new WaitingRequests();
  const first = waiting.add(200 * MIB);
  assert.throws(() => waiting.add(1), { code: "limit_exceeded" });
  first[Symbol.dispose]();
  using _half = waiting.add(100 * MIB);
  assert.throws(() => waiting.add(100 * MIB), { code: "limit_exceeded" });
  using _rest = waiting.add(28 * MIB);
});
