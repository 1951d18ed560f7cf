import assert from "node:assert/strict";
import { PackageDesk } from "../../../kernel/hosts/package_desk.ts";
import type { HostMessage } from "../../../kernel/hosts/protocol.ts";
import type { PackageAnswer } from "../../../kernel/packages/request.ts";

function answer(url: string): PackageAnswer {
  return { status: 200, contentType: "", url, bytes: new Uint8Array(1) };
}

Deno.test("PackageDesk answers each call, two at a time, and goes on when an answer was taken", async () => {
  const asked: unknown[] = [];
  const sent: { reply: HostMessage; buffers: unknown; taken: () => void }[] = [];
  const desk = new PackageDesk((request) => {
    asked.push(request);
    return Promise.resolve(answer(String(request)));
  }, (reply, buffers) => {
    return new Promise((resolve) => void sent.push({ reply, buffers, taken: resolve }));
  });
  for (const id of [1, 2, 3, 4]) desk.take(id, `url ${id}`);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(asked, ["url 1", "url 2"]);
  sent[0]!.taken();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(asked, ["url 1", "url 2", "url 3"]);
  assert.deepEqual(
    sent.map(({ reply, buffers }) => [reply, buffers]),
    [1, 2, 3].map((id) => {
      const { bytes, ...value } = answer(`url ${id}`);
      return [{ type: "return", id, value }, [bytes]];
    }),
  );
});

Deno.test("PackageDesk tells why a call fails, and that there are no packages", async () => {
  for (
    const [broker, message] of [
      [() => Promise.reject(new TypeError("refused")), "refused"],
      [undefined, "Packages are not to be had here"],
    ] as const
  ) {
    const { promise, resolve } = Promise.withResolvers<HostMessage>();
    const desk = new PackageDesk(broker, (reply) => Promise.resolve(resolve(reply)));
    desk.take(7, {});
    const reply = await promise;
    assert(reply.type === "throw");
    assert.deepEqual([reply.id, reply.error.message], [7, message]);
  }
});

Deno.test("PackageDesk.take() throws when more is asked for than anybody needs", () => {
  const desk = new PackageDesk(() => new Promise(() => {}), () => Promise.resolve());
  assert.throws(() => {
    for (let id = 0; id < 2_000; id++) desk.take(id, {});
  }, /too many packages/);
});

Deno.test("PackageDesk answers pages and metadata while files wait to be taken", async () => {
  const asked: string[] = [];
  const desk = new PackageDesk((request) => {
    const { url } = request as { url: string };
    asked.push(url.slice("https://index.example/".length));
    return Promise.resolve(answer(url));
  }, () => new Promise(() => {}));
  const paths = ["a.whl", "b.whl", "c.whl", "a/", "b.whl.metadata"];
  for (let id = 0; id < 20; id++) {
    desk.take(id, { url: `https://index.example/${paths[id] ?? `page-${id}/`}` });
  }
  await new Promise((resolve) => setTimeout(resolve));
  const pages = [5, 6, 7, 8, 9, 10].map((id) => `page-${id}/`);
  assert.deepEqual(asked, ["a.whl", "b.whl", "a/", "b.whl.metadata", ...pages]);
});
