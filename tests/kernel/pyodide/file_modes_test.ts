import assert from "node:assert/strict";
import { KernelMode } from "../../../kernel/mod.ts";
import { createKernel, temporaryDirectory } from "../../support/mod.ts";

/** Python code that prints the permissions of files, as `stat` writes them. */
const MODES = `
import os, shutil, tarfile, tempfile
from pathlib import Path
def modes(*paths): print(*(f"{os.stat(path).st_mode & 0o7777:o}" for path in paths))`;

/** Cells and the modes that they print: those that the same lines print on Linux. */
const CELLS: readonly (readonly [code: string, output: string])[] = [
  [`${MODES}\nmodes("/", "/home", ".", "/tmp", os.__file__ and "/lib")`, "755 755 755 1777 755\n"],
  ["print(oct(os.umask(0o22)))", "0o22\n"],
  [
    "open('a', 'w').close(); os.mkdir('b'); os.makedirs('c/d'); Path('e').touch(0o600)\n" +
    "os.close(os.open('f', os.O_CREAT | os.O_WRONLY, 0o777)); os.mkdir('g', 0o700); os.mkdir('h', 0o1777)\n" +
    "modes('a', 'b', 'c', 'c/d', 'e', 'f', 'g', 'h')",
    "644 755 755 755 600 755 700 1755\n",
  ],
  [
    "print(oct(os.umask(0o027)), end=' '); open('i', 'w').close(); os.mkdir('j'); shutil.copy('f', 'k')\n" +
    "shutil.copyfile('f', 'l'); open('a', 'a').close()\n" +
    "descriptor, file = tempfile.mkstemp(); os.close(descriptor)\n" +
    "modes('i', 'j', 'k', 'l', 'a', file, tempfile.mkdtemp())",
    "0o22 640 750 755 640 644 600 700\n",
  ],
  [
    "!umask; touch m; python3 -c 'import os; os.umask(0)'; umask 077; touch n; " +
    'python3 -c \'open("o", "w")\'; ls -l i m n o | cut -c 1-10\n' +
    "print(oct(os.umask(0o022)))",
    "0027\n-rw-r-----\n-rw-r-----\n-rw-------\n-rw-------\n0o27\n",
  ],
  [
    "os.chmod('a', 0o754)\nwith tarfile.open('p.tar', 'w') as archive: archive.add('a'); archive.add('g')\n" +
    "with tarfile.open('p.tar') as archive: archive.extractall('q', filter='tar')\n" +
    "modes('q', 'q/a', 'q/g'); os.chmod('a', 0o400)\n" +
    "print([os.access('a', right) for right in (os.R_OK, os.W_OK, os.X_OK)], os.access('f', os.X_OK))",
    "755 754 700\n[True, False, False] True\n",
  ],
];

const IN_MOUNT = `
os.umask(0o002); os.mkdir("/mnt/a"); open("/mnt/b", "w").close()
os.close(os.open("/mnt/c", os.O_CREAT | os.O_WRONLY, 0o777)); os.mkdir("/mnt/d", 0o700)
os.umask(0o777); open("/mnt/e", "w").close(); os.umask(0o022)
modes("/mnt/a", "/mnt/b", "/mnt/c", "/mnt/d", "/mnt/e")`;

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS, KernelMode.MAIN_THREAD]) {
  Deno.test(`files in a ${mode} kernel have the modes of Linux, by the mask of permissions`, async (t) => {
    await using host = await temporaryDirectory();
    await using fixture = await createKernel({
      mode,
      mounts: [{ root: host.path, mountPoint: "/mnt", access: "rw" }],
    });
    const { kernel } = fixture;
    const printed = async (code: string) => {
      const { outputs, error } = await kernel.execute(code);
      assert.equal(error, null);
      return outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
    };
    for (const [code, output] of CELLS) {
      await t.step(code.split("\n").at(-1)!.slice(0, 60), async () => {
        assert.equal(await printed(code), output);
      });
    }
    await t.step("in a mount too", async () => {
      assert.equal(await printed(IN_MOUNT), "775 664 775 700 0\n");
      const names = ["a", "b", "c", "d", "e"];
      const found = names.map((name) => Deno.statSync(`${host.path}/${name}`).mode! & 0o777);
      assert.deepEqual(found, [0o775, 0o664, 0o775, 0o700, 0]);
    });
    await t.step("the kernel can read what it has written, whatever the mask is", async () => {
      await printed("os.umask(0o777)");
      await kernel.files.write("own/uploaded.txt", new TextEncoder().encode("x"));
      assert.equal(await printed("print(open('own/uploaded.txt').read())"), "x\n");
    });
  });
}
