import assert from "node:assert/strict";
import {
  readRegularFile,
  readRegularFileSync,
} from "../../../../server/services/files/regular_file.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

Deno.test("readRegularFile() reads a file, and refuses pipes, sockets, devices and directories at once", async () => {
  await using directory = await temporaryDirectory({ text: "content" });
  assert.equal(
    new TextDecoder().decode(await readRegularFile(`${directory.path}/text`)),
    "content",
  );
  assert.equal(readRegularFileSync(`${directory.path}/text`), "content");
  const pipe = `${directory.path}/pipe`;
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  const socket = `${directory.path}/socket`;
  using _listener = Deno.listen({ transport: "unix", path: socket });
  for (const path of [pipe, socket, "/dev/zero", directory.path]) {
    await assert.rejects(readRegularFile(path), { code: "invalid_argument" }, path);
    assert.throws(() => readRegularFileSync(path), { code: "invalid_argument" }, path);
  }
});
