import assert from "node:assert/strict";
import { findPackageIndex, thisMachine } from "../../../server/config/package_index.ts";

const HELP = `
  -i, --index-url <url>       Base URL of the Python Package Index (default
                              https://default.example.com/simple). This should
                              point to a repository (the simple API).
`;

/** A machine with some variables and files, on which pip counts how often it is asked. */
function machine(
  env: Record<string, string>,
  files: Record<string, string> = {},
  help: string | undefined = HELP,
) {
  return {
    env,
    asked: 0,
    read: (path: string) => Promise.resolve(files[path]),
    pipHelp() {
      this.asked++;
      return Promise.resolve(help);
    },
  };
}

Deno.test("findPackageIndex() takes variables before files, and these before pip's default", async () => {
  const files = {
    "/home/a/.config/pip/pip.conf":
      "[global]\ntimeout = 3\nindex-url = https://u:p@conf.example.com/simple\n",
    "/etc/pip.conf": "[global]\nindex_url: https://etc.example.com/simple\n",
  };
  const variables = {
    HOME: "/home/a",
    PIP_INDEX_URL: "https://pip.example.com/simple",
    UV_DEFAULT_INDEX: "own=https://uv.example.com/simple",
  };
  assert.equal(await findPackageIndex(machine(variables, files)), variables.PIP_INDEX_URL);
  const { PIP_INDEX_URL: _, ...rest } = variables;
  assert.equal(await findPackageIndex(machine(rest, files)), "https://uv.example.com/simple");
  const found = machine({ HOME: "/home/a" }, files);
  assert.equal(await findPackageIndex(found), "https://u:p@conf.example.com/simple");
  assert.equal(found.asked, 0);
  assert.equal(await findPackageIndex(machine({}, files)), "https://etc.example.com/simple");
  assert.equal(await findPackageIndex(machine({})), "https://default.example.com/simple");
});

Deno.test("findPackageIndex() finds none where pip uses none, or is not there", async () => {
  assert.equal(await findPackageIndex(machine({ PIP_NO_INDEX: "1" })), undefined);
  assert.equal(
    await findPackageIndex({ ...machine({}), pipHelp: () => Promise.resolve(undefined) }),
    undefined,
  );
});

Deno.test("thisMachine() gives the help of the pip that is here", async () => {
  const { success } = await new Deno.Command("python3", { args: ["-m", "pip", "--version"] })
    .output().catch(() => ({ success: false }));
  const found = await findPackageIndex({
    ...thisMachine({}),
    read: () => Promise.resolve(undefined),
  });
  assert.equal(found !== undefined, success);
});
