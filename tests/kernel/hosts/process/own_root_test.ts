import assert from "node:assert/strict";
import {
  type BoundDirectory,
  inOwnRoot,
  mountPlace,
  type Place,
} from "../../../../kernel/hosts/process/own_root.ts";
import { IN_ROOT, runtimePlaces } from "../../../../kernel/hosts/process/runtime_places.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const SETPRIV = "/usr/bin/setpriv";
const SUPPORTED = await works();

/** Returns true when this user may make mount namespaces on this machine. */
async function works(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const user = Deno.uid() === 0 ? [] : ["--user", "--map-current-user", "--keep-caps"];
  const args = [...user, "--mount", "--pid", "--fork", "--", "mount", "-t", "tmpfs", "x", "/mnt"];
  try {
    return (await new Deno.Command("unshare", { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

interface Answer {
  value: unknown;
  errors: string;
}

/** Runs JavaScript in a root of its own that has these mounts, and answers what it returns. */
async function inRoot(
  code: string,
  { mounts = [], places = [] }: { mounts?: BoundDirectory[]; places?: Place[] } = {},
): Promise<Answer> {
  await using at = await temporaryDirectory();
  const [program, ...args] = [
    ...inOwnRoot({
      at: at.path,
      places: [...await runtimePlaces(SETPRIV), ...places],
      mounts,
      asUser: Deno.uid() !== 0,
      networked: false,
    }),
    ...[IN_ROOT.setpriv, "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"],
    ...["--ambient-caps=-all", "--", IN_ROOT.deno, "eval", "--no-config", "--ext=js"],
    `const attempt = (f) => { try { return f(); } catch (e) { return e.name; } };
     console.log(JSON.stringify((() => { ${code} })()));`,
  ];
  const { stdout, stderr } = await new Deno.Command(program!, {
    args,
    clearEnv: true,
    env: { DENO_DIR: "/tmp", NO_COLOR: "1" },
    cwd: "/",
    stdin: "null",
  }).output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { value: printed ? JSON.parse(printed) : undefined, errors: errors! };
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !SUPPORTED, fn });
}

/** A directory with a tree that has links of all kinds in it, and a secret beside it. */
async function linkedTree(): Promise<AsyncDisposable & { root: string; secret: string }> {
  const dir = await temporaryDirectory();
  const [root, secret] = [`${dir.path}/tree`, `${dir.path}/secret`];
  await Deno.writeTextFile(secret, "untouched");
  await Deno.mkdir(`${root}/data/2026/11`, { recursive: true });
  await Deno.writeTextFile(`${root}/data/file`, "inside");
  const links = {
    "data/2026/11/base": "../../../..",
    "data/link": "file",
    "data/2026/up": "../file",
    "directory": "data",
    "absolute": secret,
    "process": "/proc/1/root",
    "self": "/proc/self/cwd",
    "inside": "/mnt/0/data/file",
  };
  for (const [name, target] of Object.entries(links)) {
    await Deno.symlink(target, `${root}/${name}`);
  }
  return Object.assign(dir, { root, secret });
}

test("inOwnRoot() shows a process its runtime and mounts, and nothing else of the host", async () => {
  await using dir = await temporaryDirectory();
  await Deno.writeTextFile(`${dir.path}/file`, "mounted");
  const { value, errors } = await inRoot(
    `return [
      [...Deno.readDirSync("/")].map(({ name }) => name).sort(),
      [...Deno.readDirSync("/dev")].map(({ name }) => name).sort(),
      [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((it) => !/^[0-9]/.test(it)).sort(),
      [...Deno.readDirSync("/tmp")].length,
      Deno.readTextFileSync("/mnt/0/file"),
      Deno.pid,
      ["/etc/passwd", "/old", "/proc/1/root/etc/passwd", "/proc/table"].map((path) =>
        attempt(() => [...Deno.readDirSync(path)].length)),
    ];`,
    { mounts: [{ root: dir.path, access: "ro" }] },
  );
  assert.equal(errors, "");
  const [root, devices, processes, temporary, file, pid, outside] = value as unknown[][];
  const libraries = (root as string[]).filter((name) => /^(lib|usr|nix)/.test(name));
  assert.deepEqual(
    (root as string[]).filter((name) => !libraries.includes(name)),
    ["deno", "dev", "mnt", "old", "proc", "setpriv", "tmp"],
  );
  assert.deepEqual(devices, ["null", "random", "urandom", "zero"]);
  assert.deepEqual(processes, ["self", "thread-self"]);
  assert.deepEqual([temporary, file, pid], [0, "mounted", 1]);
  assert.deepEqual(outside, ["NotFound", 0, "NotFound", "NotFound"]);
});

test("inOwnRoot() lets a process write to its writable mounts alone", async () => {
  await using rw = await temporaryDirectory();
  await using ro = await temporaryDirectory();
  const { value } = await inRoot(
    `const write = (path) => attempt(() => Deno.writeTextFileSync(path, "written") ?? "written");
     return ["/mnt/0/new", "/mnt/1/new", "/new", "/tmp/new", "/dev/new", "/old/new", "/mnt/new",
       "/deno", "/proc/self/oom_score_adj"].map(write);`,
    { mounts: [{ root: rw.path, access: "rw" }, { root: ro.path, access: "ro" }] },
  );
  const [writable, ...others] = value as string[];
  assert.equal(writable, "written");
  assert(others.every((it) => it !== "written"), others.join());
  assert.equal(await Deno.readTextFile(`${rw.path}/new`), "written");
  assert.deepEqual(await Array.fromAsync(Deno.readDir(ro.path)), []);
});

test("inOwnRoot() lets links lead anywhere inside a mount and nowhere else", async () => {
  await using tree = await linkedTree();
  const { value } = await inRoot(
    `const read = (path) => attempt(() => Deno.readTextFileSync("/mnt/0/" + path));
     const secret = ${JSON.stringify(tree.secret)};
     const before = ["data/link", "data/2026/up", "directory/link", "inside"].map(read);
     // A link that leads nowhere outside from where it lies may do so from where it is moved to.
     Deno.renameSync("/mnt/0/data/2026/11/base", "/mnt/0/base");
     Deno.renameSync("/mnt/0/data", "/mnt/0/data/../moved");
     Deno.linkSync("/mnt/0/moved/file", "/mnt/0/hard");
     Deno.symlinkSync("../../../../../../../../" + secret, "/mnt/0/new");
     return { before, hard: read("hard"), out: ["base/secret", "base/etc/passwd", "base" + secret,
       "absolute", "new", "process" + secret, "self/etc/passwd", "moved/2026/11/../../../../etc/passwd"].map(read),
       write: ["absolute", "new", "base/secret"].map((path) =>
         attempt(() => Deno.writeTextFileSync("/mnt/0/" + path, "spoilt") ?? "written")) };`,
    { mounts: [{ root: tree.root, access: "rw" }] },
  );
  const { before, hard, out, write } = value as Record<string, string[]>;
  assert.deepEqual(before, ["inside", "inside", "inside", "inside"]);
  assert.equal(hard, "inside");
  assert.deepEqual(new Set(out), new Set(["NotFound"]));
  assert(!write!.includes("written"), write!.join());
  assert.equal(await Deno.readTextFile(tree.secret), "untouched");
});

test("inOwnRoot() keeps a link that appears on the host meanwhile inside", async () => {
  await using dir = await temporaryDirectory();
  const secret = `${dir.path}/secret`;
  await Deno.writeTextFile(secret, "untouched");
  await Deno.mkdir(`${dir.path}/tree`);
  const running = inRoot(
    `const end = Date.now() + 60_000;
     while (Date.now() < end) {
       try { Deno.lstatSync("/mnt/0/late"); break; } catch { /* not yet */ }
     }
     return [Deno.readLinkSync("/mnt/0/late"), attempt(() => Deno.readTextFileSync("/mnt/0/late"))];`,
    { mounts: [{ root: `${dir.path}/tree`, access: "rw" }] },
  );
  await Deno.symlink(secret, `${dir.path}/tree/late`);
  assert.deepEqual((await running).value, [secret, "NotFound"]);
});

test("inOwnRoot() starts nothing when a mount's directory has become a link", async () => {
  await using dir = await temporaryDirectory();
  await Deno.mkdir(`${dir.path}/other`);
  await Deno.symlink(`${dir.path}/other`, `${dir.path}/mount`);
  const { value, errors } = await inRoot("return 1;", {
    mounts: [{ root: `${dir.path}/mount`, access: "rw" }],
  });
  assert.equal(value, undefined);
  assert.match(errors, /leads elsewhere than when it was checked/);
});

test("inOwnRoot() runs no program of a mount and makes no devices in it", async () => {
  await using dir = await temporaryDirectory();
  await Deno.writeTextFile(`${dir.path}/program`, "#!/deno\n", { mode: 0o755 });
  const { value } = await inRoot(
    `return [attempt(() => new Deno.Command("/mnt/0/program").outputSync().code),
       Deno.readTextFileSync("/proc/self/mounts").split("\\n").find((it) => it.includes(" /mnt/0 "))];`,
    { mounts: [{ root: dir.path, access: "rw" }] },
  );
  const [program, mount] = value as string[];
  assert.equal(program, "PermissionDenied");
  for (const option of ["nosuid", "nodev", "noexec"]) assert.match(mount!, new RegExp(option));
});

test("inOwnRoot() takes paths with spaces, quotes and the like", async () => {
  await using dir = await temporaryDirectory();
  const odd = `${dir.path}/a b\t"c"'d\\e#f$g`;
  await Deno.mkdir(odd);
  await Deno.writeTextFile(`${odd}/file`, "odd");
  const { value, errors } = await inRoot(
    `return [Deno.readTextFileSync("/mnt/0/file"), Deno.readTextFileSync("/place/file")];`,
    {
      mounts: [{ root: odd, access: "ro" }],
      places: [{ from: odd, to: "/place", kind: "directory" }],
    },
  );
  assert.deepEqual(value, ["odd", "odd"], errors);
});

test("inOwnRoot() leaves no mount and nothing else behind on the host", async () => {
  const before = await Deno.readTextFile("/proc/self/mounts");
  await using dir = await temporaryDirectory();
  await inRoot("return 1;", { mounts: [{ root: dir.path, access: "ro" }] });
  assert.equal(await Deno.readTextFile("/proc/self/mounts"), before);
});

test("inOwnRoot() hides the host's processes and network", async () => {
  const { value } = await inRoot(
    `return [[...Deno.readDirSync("/proc")].filter(({ name }) => /^[0-9]/.test(name)).length,
       Deno.networkInterfaces().length,
       attempt(() => Deno.kill(${Deno.pid}, "SIGCONT") ?? "reached")];`,
  );
  assert.deepEqual(value, [1, 0, "NotFound"]);
});

Deno.test("mountPlace() numbers mounts", () => {
  assert.equal(mountPlace(3), "/mnt/3");
});
