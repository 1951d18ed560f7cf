import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { nextEvent } from "../mod.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests the requests that a kernel answers, and those that it makes. */
export function testConversations(promises: HostPromises): void {
  const { preemptive } = promises;
  const { create, test } = hostTests(promises);

  test("input() asks with an event and waits for the answer", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const asked = nextEvent(kernel, "input_request");
    const running = kernel.execute(
      "import getpass\n[input('name? '), getpass.getpass('secret? ')]",
      {
        allowStdin: true,
      },
    );
    const first = await asked;
    assert.deepEqual([first.prompt, first.password], ["name? ", false]);
    const askedAgain = nextEvent(kernel, "input_request");
    assert.equal(await kernel.answerInput(first.requestId, "Ada"), true);
    const second = await askedAgain;
    assert.deepEqual([second.prompt, second.password], ["secret? ", true]);
    assert.equal(await kernel.answerInput(second.requestId, "s3"), true);
    assert.equal((await running).result?.data["text/plain"], "['Ada', 's3']");
    assert.equal(await kernel.answerInput(second.requestId, "too late"), false);
  });

  test("variables() tells what cells have made", async () => {
    await using fixture = await create();
    await fixture.kernel.execute("import math\nx = [1, 2]\n_hidden = 1");
    const [x, ...rest] = await fixture.kernel.variables();
    assert.deepEqual(rest, []);
    assert(x!.bytes! > 0);
    assert.deepEqual({ ...x, bytes: null }, {
      name: "x",
      type: "list",
      summary: "[1, 2]",
      bytes: null,
      length: 2,
      shape: null,
    });
  });

  test("input() raises EOFError when the input is ended", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const asked = nextEvent(kernel, "input_request");
    const running = kernel.execute("input()", { allowStdin: true });
    assert.equal(await kernel.answerInput((await asked).requestId, null), true);
    assert.equal((await running).error?.ename, "EOFError");
  });

  test("input() raises StdinNotImplementedError when nobody answers", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute("input()");
    assert.equal(result.error?.ename, "StdinNotImplementedError");
  });

  test("complete(), inspect(), isComplete() and history() answer", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute("apple = 1; apricot = 2");
    const completion = await kernel.complete("é = ap");
    assert.deepEqual([completion.cursorStart, completion.cursorEnd], [4, 6]);
    assert.ok(completion.matches.includes("apple") && completion.matches.includes("apricot"));
    const inspection = await kernel.inspect("len");
    assert.equal(inspection.found, true);
    assert.match(
      stripVTControlCharacters(String(inspection.data["text/plain"])),
      /number of items/,
    );
    assert.equal((await kernel.inspect("no_such_name")).found, false);
    assert.equal((await kernel.isComplete("for i in range(3):")).status, "incomplete");
    assert.equal((await kernel.isComplete("1 + 1")).status, "complete");
    assert.equal((await kernel.isComplete("1 +* 1")).status, "invalid");
    const history = await kernel.history({ accessType: "tail", n: 5 });
    assert.equal(history.at(-1)?.[2], "apple = 1; apricot = 2");
    assert.equal((await kernel.languageInfo()).languageInfo["name"], "python");
  });

  test("comms carry messages and buffers both ways", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute(`
from comm import get_comm_manager
def opened(comm, message):
    comm.on_msg(lambda message: comm.send(
        {"echo": message["content"]["data"]}, buffers=[bytes(reversed(bytes(b))) for b in message["buffers"]]))
get_comm_manager().register_target("echo", opened)`);
    await kernel.openComm({ commId: "c1", targetName: "echo", data: {}, metadata: {} });
    assert.deepEqual(await kernel.comms("echo"), { c1: { targetName: "echo" } });
    const answered = nextEvent(kernel, "comm_msg");
    await kernel.sendComm({ commId: "c1", data: { n: 1 }, metadata: {} }, [
      new Uint8Array([1, 2, 3]),
    ]);
    const answer = await answered;
    assert.equal(answer.commId, "c1");
    assert.deepEqual(answer.data, { echo: { n: 1 } });
    assert.deepEqual(answer.buffers, [new Uint8Array([3, 2, 1])]);
    await kernel.closeComm({ commId: "c1", data: {}, metadata: {} });
    assert.deepEqual(await kernel.comms(), {});
  });

  if (!preemptive) return;
}
