import assert from "node:assert/strict";
import { KernelError, type KernelErrorCode, type MountOptions } from "../../kernel/mod.ts";
import { resolveMounts } from "../../kernel/mounts.ts";
import { temporaryDirectory } from "../support/mod.ts";

async function refuses(
  mounts: MountOptions[],
  code: KernelErrorCode,
  message: RegExp,
  allowed?: string[],
): Promise<void> {
  await assert.rejects(resolveMounts(mounts, { allowedRoots: allowed }), (error: unknown) => {
    assert.ok(error instanceof KernelError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("resolveMounts() answers real paths, tidy mount points and the default access", async () => {
  await using directory = await temporaryDirectory();
  await Deno.mkdir(`${directory.path}/real`);
  await Deno.symlink(`${directory.path}/real`, `${directory.path}/link`);
  assert.deepEqual(
    await resolveMounts([{ root: `${directory.path}/link`, mountPoint: "/mnt//data/" }]),
    [{ root: `${directory.path}/real`, mountPoint: "/mnt/data", access: "rw" }],
  );
});

Deno.test("resolveMounts() refuses a root that does not exist or is no directory", async () => {
  await using directory = await temporaryDirectory({ "file.txt": "" });
  const at = { mountPoint: "/mnt" };
  await refuses(
    [{ root: "/no/such/dir", ...at }],
    "invalid_argument",
    /"\/no\/such\/dir" \(mounts\.0\): the directory does not exist/,
  );
  await refuses(
    [{ root: `${directory.path}/file.txt`, ...at }],
    "invalid_argument",
    /it is not a directory/,
  );
});

Deno.test("resolveMounts() refuses a root outside the allowed ones", async () => {
  await using allowed = await temporaryDirectory();
  await using other = await temporaryDirectory();
  await Deno.mkdir(`${allowed.path}/..below`);
  await Deno.symlink(other.path, `${allowed.path}/way-out`);
  const mountPoint = "/mnt";
  assert.equal(
    (await resolveMounts([{ root: `${allowed.path}/..below`, mountPoint }], {
      allowedRoots: [allowed.path],
    })).length,
    1,
  );
  for (
    const root of [
      other.path,
      `${allowed.path}/way-out`,
      `${allowed.path}/../`,
      `${allowed.path}x/..`,
    ]
  ) {
    await Deno.mkdir(`${allowed.path}x`, { recursive: true });
    await refuses(
      [{ root, mountPoint }],
      "permission_denied",
      /outside the directories that may be mounted/,
      [allowed.path],
    );
    await Deno.remove(`${allowed.path}x`);
  }
  await refuses([{ root: other.path, mountPoint }], "permission_denied", /allows no mounts/, []);
});

for (
  const [what, target] of [
    ["an absolute link", "/etc/passwd"],
    ["a relative link", "../../etc"],
    ["a dangling link", "/no/such/file"],
    ["a dangling relative link", "../gone"],
  ] as const
) {
  Deno.test(`resolveMounts() refuses a tree with ${what} that leads out of it`, async () => {
    await using directory = await temporaryDirectory();
    await Deno.mkdir(`${directory.path}/deep`);
    await Deno.symlink(target, `${directory.path}/deep/../link`);
    await refuses(
      [{ root: directory.path, mountPoint: "/mnt", access: "ro" }],
      "permission_denied",
      /the link ".*\/link" leads out of it, to "/,
    );
  });
}

for (const target of ["file.txt", "../../file.txt", "/etc/passwd", "nothing yet"]) {
  Deno.test(`resolveMounts() refuses a writable tree with a link to ${target}`, async () => {
    await using directory = await temporaryDirectory({ "file.txt": "" });
    await Deno.mkdir(`${directory.path}/a/b`, { recursive: true });
    await Deno.symlink(target, `${directory.path}/a/b/link`);
    await refuses(
      [{ root: directory.path, mountPoint: "/mnt" }],
      "permission_denied",
      /the link ".*\/a\/b\/link" leads out of it or could be moved to where it does/,
    );
    const mount = { root: directory.path, mountPoint: "/mnt" };
    assert.equal((await resolveMounts([mount], { confined: true })).length, 1);
  });
}

Deno.test("resolveMounts() accepts links that stay inside what can only be read", async () => {
  await using directory = await temporaryDirectory({ "file.txt": "" });
  await Deno.symlink("file.txt", `${directory.path}/relative`);
  await Deno.symlink(`${directory.path}/file.txt`, `${directory.path}/absolute`);
  await Deno.symlink("nothing yet", `${directory.path}/dangling`);
  await resolveMounts([{ root: directory.path, mountPoint: "/mnt", access: "ro" }]);
});

Deno.test("resolveMounts() refuses mount points that the interpreter needs or that overlap", async () => {
  await using directory = await temporaryDirectory();
  const root = directory.path;
  for (const mountPoint of ["/lib", "/lib/python3.14", "/dev/x", "/proc"]) {
    await refuses([{ root, mountPoint }], "invalid_argument", /which the interpreter needs/);
  }
  for (const mountPoint of ["/", "//", "/a/../b"]) {
    await refuses([{ root, mountPoint }], "invalid_argument", /is the root or contains "\.\."/);
  }
  await refuses(
    [{ root, mountPoint: "/mnt/a" }, { root, mountPoint: "/mnt/a/b" }],
    "invalid_argument",
    /\(mounts\.1\): mount point "\/mnt\/a\/b" overlaps "\/mnt\/a"/,
  );
  await resolveMounts(
    [{ root, mountPoint: "/library" }, { root, mountPoint: "/library2" }],
  );
});
