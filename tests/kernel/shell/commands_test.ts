import assert from "node:assert/strict";
import { changedProgram } from "../../../kernel/shell/commands/jq.ts";
import { parseDate } from "../../../kernel/shell/commands/dates.ts";
import { plainDifferences } from "../../../kernel/shell/commands/diff_format.ts";
import { createKernel } from "../../support/mod.ts";

/** Lines of commands that a machine may lack, and what GNU's programs print. */
const LINES: readonly (readonly [line: string, output: string])[] = [
  [
    "echo '2^100; 7/2; scale=2; 7/2; -7/3; 7%3; sqrt(2); .5+.5; x=3; x+=2; x; x>4; 2*(3+4)' | bc",
    "1267650600228229401496703205376\n3\n3.50\n-2.33\n.01\n1.41\n1.0\n5\n1\n14\n",
  ],
  [
    "echo 'l(2); e(1); 4*a(1); s(1); c(1)' | bc -l",
    ".69314718055994530941\n2.71828182845904523536\n3.14159265358979323844\n" +
    ".84147098480789650665\n.54030230586813971740\n",
  ],
  ["echo '1/0' | bc 2>&1; echo 'obase=16; 255' | bc", "(standard_in) 1: Divide by zero\nFF\n"],
  [
    "printf 'pear\\napple\\n' | xxd; printf AB | xxd -p; echo 4142 | xxd -r -p",
    "00000000: 7065 6172 0a61 7070 6c65 0a              pear.apple.\n4142\nAB",
  ],
  [
    "printf AB | hexdump -C",
    `00000000  41 42${" ".repeat(45)}|AB|\n00000002\n`,
  ],
  [
    "mkdir -p d/e; echo text > d/e/f; zip -qr a.zip d; rm -r d; unzip -q a.zip; cat d/e/f; unzip -p a.zip d/e/f",
    "text\ntext\n",
  ],
  [
    "echo no > bad.zip; unzip bad.zip 2>&1; echo $?",
    "unzip: the archive is damaged, or is none\n9\n",
  ],
  [
    "printf abcd | xxd -p -c 0; printf AB | xxd -c 0 2>&1; printf AB | xxd -g 0; printf AB | od -w0 2>&1; echo $?",
    "61626364\nxxd: invalid number '0'\n" +
    `00000000: 4142${" ".repeat(30)}AB\nod: invalid number '0'\n1\n`,
  ],
  [
    "shuf -i 1-9999999999 -n 1 2>&1; shuf -e a -r -n 9999999999 2>&1",
    "shuf: a range has at most 1000000 numbers here\nshuf: it repeats at most 1000000 lines here\n",
  ],
  [
    "umask; umask -S; (umask 077; touch own); umask u=rwx,g=rx,o=; umask -p; touch group; mkdir inner; " +
    "umask 999 2>&1; umask a+wrx; umask; touch all; umask 022; ls -ld own group inner all /tmp | cut -c 1-10; " +
    "rm -r own group inner all",
    "0022\nu=rwx,g=rx,o=rx\numask 0027\nbash: umask: 999: octal number out of range\n0000\n" +
    "drwxrwxrwt\n-rw-rw-rw-\n-rw-r-----\ndrwxr-x---\n-rw-------\n",
  ],
  [
    "echo x > s; install -m 640 s t; install -D s p/q/r; install -d i; install s t i; mkdir -m 700 m; " +
    "mkdir -pm g-rwx n/o; mkdir -m 99 l 2>&1; mkdir -m 700 m 2>&1; install nothing i 2>&1; " +
    "cp t u; stat -c '%a %n' s t p/q/r i i/t m n n/o u; cat i/s; rm -r s t p i m n u",
    "mkdir: invalid mode '99'\nmkdir: cannot create directory 'm': File exists\n" +
    "install: cannot stat 'nothing': No such file or directory\n" +
    "644 s\n640 t\n755 p/q/r\n755 i\n755 i/t\n700 m\n755 n\n707 n/o\n640 u\nx\n",
  ],
  ["cd $(mktemp -d); stat -c %a . $(mktemp)", "700\n600\n"],
  ["shuf -e a b | sort; nproc; id -u; ulimit", "a\nb\n1\n0\nunlimited\n"],
];

Deno.test("the shell has commands that print what GNU's print", async (t) => {
  await using fixture = await createKernel({ language: "bash", mode: "worker" });
  for (const [line, output] of LINES) {
    await t.step(line, async () => {
      const { outputs } = await fixture.kernel.execute(line);
      assert.equal(
        outputs.map((it) => it.output_type === "stream" ? it.text : "").join(""),
        output,
      );
    });
  }
  await t.step("an archive does not lead out of its directory", async () => {
    await fixture.kernel.execute(
      "python3 - <<'EOF'\nimport zipfile\nwith zipfile.ZipFile('evil.zip', 'w') as z: z.writestr('../../evil', 'x')\nEOF",
    );
    const { outputs } = await fixture.kernel.execute(
      "mkdir in; cd in; unzip ../evil.zip; ls /home",
    );
    const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
    assert.match(text, /unzip: \.\.\/\.\.\/evil: it leads out of the directory/);
    assert.doesNotMatch(text, /^evil$/m);
  });
});

Deno.test("parseDate() reads dates, and steps from them", () => {
  const now = Date.parse("2024-05-15T10:20:30Z"); // A Wednesday.
  for (
    const [text, date] of [
      ["", "2024-05-15T10:20:30"],
      ["yesterday", "2024-05-14T10:20:30"],
      ["2 weeks ago", "2024-05-01T10:20:30"],
      ["next friday", "2024-05-17T00:00:00"],
      ["last monday", "2024-05-13T00:00:00"],
      ["+3 hours", "2024-05-15T13:20:30"],
      ["next month", "2024-06-15T10:20:30"],
      ["2024-02-28 + 2 days", "2024-03-01T00:00:00"],
      ["20240105", "2024-01-05T00:00:00"],
      ["@86400", "1970-01-02T00:00:00"],
      ["2024-01-15T10:00:00+02:00", "2024-01-15T08:00:00"],
      ["5 Jan 2024 12:30", "2024-01-05T12:30:00"],
      ["10:30", "2024-05-15T10:30:00"],
    ] as const
  ) assert.equal(new Date(parseDate(text, now)!).toISOString(), `${date}.000Z`, text);
  assert.equal(parseDate("no date", now), undefined);
  assert.equal(parseDate(" ".repeat(100_000) + "1 day", now), undefined);
});

Deno.test("plainDifferences() writes changes, additions and removals", () => {
  const unified = "--- x\n+++ y\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d\n@@ -9,2 +10,0 @@\n-x\n-y\n";
  assert.equal(
    plainDifferences(unified),
    "2c2\n< b\n---\n> B\n3a4\n> d\n9,10d10\n< x\n< y\n",
  );
});

Deno.test("changedProgram() changes names and functions of jq, and leaves texts and members", () => {
  assert.equal(changedProgram(".a | unique"), ".a | (sort | unique)");
  assert.equal(changedProgram("{$a, unique: .unique}"), "{a: $a, unique: .unique}");
  assert.equal(changedProgram('[$a, $b, "unique {$a}"]'), '[$a, $b, "unique {$a}"]');
  assert.equal(
    changedProgram("group_by(.a | unique)"),
    "(sort_by(.a | (sort | unique)) | group_by(.a | (sort | unique)))",
  );
  assert.equal(changedProgram("group_by(.a"), "group_by(.a");
});
