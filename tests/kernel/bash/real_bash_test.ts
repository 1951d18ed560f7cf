import assert from "node:assert/strict";
import { createKernel, temporaryDirectory } from "../../support/mod.ts";

/** The files that each line finds in its directory. */
const FILES = {
  "words.txt": "pear\napple\nfig\napple\nBanana\n",
  "data.csv": "name,age,city\nAda,36,London\nAlan,41,Manchester\nGrace,85,New York\n",
  "log.txt": "INFO start\nERROR disk full\nINFO retry\nERROR net down\nWARN slow\n",
  "numbers.txt": "10\n9\n2\n33\n1\n",
  "config.json": '{"name":"demo","ports":[80,443],"nested":{"on":true}}\n',
  "script.sh": 'echo "args: $# first: $1"\n',
  "src/a.py": "import os\ndef main():\n    print('TODO: a')\n",
  "src/b.js": "// TODO: b\nconsole.log(1)\n",
  "src/deep/c.txt": "deep\n",
};

/** Lines as agents write them; each is compared with a real bash. */
const LINES = [
  "echo hello world",
  "printf '%s-%03d\\n' a 7",
  "cat words.txt | sort | uniq -c | sort -rn | head -2 | awk '{print $1, $2}'",
  "sort -u words.txt",
  "sort -n numbers.txt | tail -1",
  "wc -l < words.txt",
  "grep -c ERROR log.txt",
  "grep -n ERROR log.txt",
  "grep -v INFO log.txt | cut -d' ' -f1",
  "grep -rl TODO src | sort",
  "grep -rn 'TODO' src --include='*.py'",
  "grep -E '^(INFO|WARN)' log.txt",
  "grep -oE '[0-9]+' data.csv",
  "grep -i banana words.txt",
  "find . -name '*.txt' | sort",
  "find . -type d | sort",
  "find src -type f -name '*.js' -exec cat {} \\;",
  "find . -name '*.py' | xargs grep -l import",
  "find . -maxdepth 1 -type f | wc -l",
  "sed 's/apple/APPLE/' words.txt",
  "sed -n '2,3p' words.txt",
  "sed -i 's/fig/date/' words.txt && cat words.txt",
  "sed '/ERROR/d' log.txt",
  "sed -E 's/([A-Z]+) (.*)/\\2: \\1/' log.txt",
  "awk -F, 'NR>1 {print $1}' data.csv",
  "awk -F, 'NR>1 {sum+=$2} END {print sum, sum/(NR-1)}' data.csv",
  "awk '{count[$1]++} END {for (k in count) print k, count[k]}' log.txt | sort",
  "awk 'length > 4' words.txt",
  "cut -d, -f1,3 data.csv",
  "tr 'a-z' 'A-Z' < words.txt",
  "tr -d '\\n' < numbers.txt",
  "head -n 2 data.csv",
  "tail -n +2 data.csv",
  "jq -r '.name' config.json",
  "jq '.ports | length' config.json",
  "jq -c '.ports | map(. + 1)' config.json",
  "jq -r '.ports[]' config.json | paste -s -d , -",
  "echo '[{\"a\":1},{\"a\":2}]' | jq '[.[].a] | add'",
  'for f in *.txt; do echo "$f: $(wc -l < "$f")"; done',
  'for i in $(seq 1 3); do echo "$((i * i))"; done',
  "i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done",
  'while read -r line; do echo "> $line"; done < numbers.txt',
  "if [ -f words.txt ] && [ ! -d words.txt ]; then echo file; else echo no; fi",
  '[[ "hello" == h* ]] && echo match',
  "case abc in a*) echo A;; *) echo other;; esac",
  "f() { local x=$1; echo $((x * 2)); }; f 21",
  'arr=(one two three); echo ${arr[1]} ${#arr[@]}; echo "${arr[@]:1}"',
  "declare -A m; m[k]=v; echo ${m[k]}",
  "s=hello; echo ${s^^} ${#s} ${s:1:3} ${s/l/L} ${s%lo}",
  "x=path/to/file.tar.gz; echo ${x##*/} ${x%%.*} ${x#*/}",
  "echo $(( (3 + 4) * 2 % 5 )) $((2 ** 10))",
  "cat <<EOF\nname: $(echo x | tr x y)\nEOF",
  "cat <<'EOF'\n$HOME stays\nEOF",
  "echo out; echo err >&2",
  "ls nothing 2>/dev/null || echo missing",
  "false; echo $?",
  "set -e; false; echo never",
  "set -u; echo ${none:-default}; echo $none",
  "mkdir -p x/y && touch x/y/z && ls -R x",
  "cp words.txt copy.txt && mv copy.txt moved.txt && rm words.txt && ls *.txt",
  "cp words.txt b; cp numbers.txt b; mv log.txt b; cat b; ls log.txt 2>/dev/null || echo gone",
  "cp words.txt words.txt 2>/dev/null; echo $?; ln -s words.txt l; cp words.txt l 2>/dev/null; echo $?; wc -l < words.txt",
  "mv src other && mkdir src && mv other src && ls src/other; cp -r src src2 && cp -r src src2 && ls src2",
  "tar czf a.tgz src && rm -r src && tar xzf a.tgz && cat src/deep/c.txt",
  "tar cf a.tar words.txt numbers.txt && tar tf a.tar",
  "gzip -k words.txt && zcat words.txt.gz | head -1",
  "diff <(sort words.txt) <(sort -u words.txt)",
  "comm -12 <(sort -u words.txt) <(printf 'apple\\nfig\\n')",
  "bash script.sh a b",
  "echo a b c | xargs -n 1 echo",
  "seq 3 | tee copy | wc -l; cat copy",
  "basename /a/b.txt .txt; dirname /a/b.txt",
  "echo hi | base64; echo aGkK | base64 -d",
  "printf 'abc' | md5sum; printf 'abc' | sha256sum",
  "date -d '2024-02-29' +%Y/%m/%d",
  'x=$(cat numbers.txt | sort -n | head -1); echo "min=$x"',
  "{ echo a; echo b; } | cat -n | tr -s ' '",
  "( cd src && ls ); ls | head -1",
  "export V=1; sh -c 'echo $V'",
  "test 3 -gt 2 && echo yes",
  "rev <<< abc; echo abcabc | fold -w 3",
  "nl -ba numbers.txt | head -2 | tr -s ' \\t' ' '",
  "column -t -s, data.csv | head -1 | tr -s ' '",
  "trap 'echo bye' EXIT; echo hi",
  "echo {1..3} {a,b}c",
  "set -euo pipefail; false | true; echo never",
  'set -euo pipefail; x=(a b c); for i in "${x[@]}"; do echo "$i"; done; echo "${#x[@]}"',
  "bash -c 'trap \"echo cleaned\" EXIT; set -e; false; echo never'; echo $?",
  'cleanup() { echo "cleanup $?"; }; trap cleanup EXIT; false',
  "trap 'echo ERR $?' ERR; for i in 1 2; do false; done; (false); { false; }; ! true; f() { false; }; f; trap - ERR; false",
  "(trap 'echo sub' EXIT; echo in); x=$(trap 'echo t' EXIT; echo in); echo \"$x\"; trap -p",
  "trap 'rm -f lock; echo gone' EXIT; touch lock; [ -f lock ] && echo locked; exit 2",
  "set -eE; trap 'echo caught' ERR; f() { false; }; f; echo never",
  "echo hi > nodir/x; echo status $?; { echo a; } > nodir/x || echo failed; > nodir/y; ls >> nodir/x && echo no; echo on",
  "for i in 1 2; do echo hi > nodir/$i; done 2>/dev/null; echo after $?",
  "s=banana; echo ${s//a/o} ${s/#b/B} ${s/%a/A} ${s:(-3)} ${s^}",
  'while IFS=, read -r name age city; do echo "$city: $name"; done < data.csv',
  "while read -r line; do ((n++)); done < <(grep -v '^$' log.txt); echo $n",
  "printf -v x '%05.2f' 3.14159; echo $x; mapfile -t lines < words.txt; echo ${#lines[@]} ${lines[-1]}",
  "awk 'length' words.txt | wc -l; awk '{print length, $0}' words.txt; awk '{n=split($0,a,\"p\"); print length(a)}' words.txt",
  "awk -v OFS=- '{ $1 = $1; print $1, NR }' numbers.txt; echo '{ n += $1 } END { print n }' > sum.awk; awk -f sum.awk numbers.txt",
  "sort words.txt > a; sort -u words.txt | tail -3 > b; comm a b; comm -13 a b; sort -u -k1,1 log.txt",
  "for d in */; do echo $d; done; ls -d */; ls -l src | tail -1 | awk '{print $NF}'; ls *.json *.csv",
  "printf 'a\\nb\\nc\\n' > x; printf 'a\\nB\\nc\\nd\\n' > y; diff x y; diff -u x y | tail -n +3; diff -q x y",
  "cp -r src s2; echo x >> s2/a.py; touch s2/new; diff -r src s2; diff -rq src s2",
  "xargs -n1 < numbers.txt | head -2; echo a b | xargs -I{} echo '<{}>'; printf '%s\\n' a 'b c' | xargs -d '\\n' -n1 printf '[%s]\\n'",
  "find . -type f -name '*.py' -print0 | xargs -0 -I{} basename {}; ls *.txt | xargs -I % sh -c 'echo % | tr a-z A-Z'",
  "date -d '2024-03-01 -1 day' +%F; date -u -d @0 +%FT%TZ; date -d '2024-01-31 + 1 month' +%F; date -d '2024-05-06' '+%-d.%-m. %A'; date -I -d @0",
  "sed -i.bak 's/INFO/info/g' log.txt; ls log*; sed '2i\\inserted' words.txt | head -3; sed --expression='s/9/nine/' -n -e 2p numbers.txt",
  "seq -f 'n%03g' 2; seq 5 -2 1; seq -w 8 10; head -n -3 words.txt; head -c -2 words.txt | tail -c 3",
  "seq 3 | paste -sd+; seq 6 | paste -d' ' - - -; paste words.txt numbers.txt | head -2",
  "grep -e ERROR -e WARN log.txt; printf 'fig\\npear\\n' > p; grep -vf p words.txt; grep -F -e '[' -e x config.json | wc -l",
  "cut -d, -f2,3 --output-delimiter=' ' data.csv | head -2; wc -L < words.txt; touch -d '2021-05-06 07:08' z; date -r z '+%F %R'",
  "gzip -c numbers.txt | gzip -dc | head -1; tar -czf - src | tar -tzf - | sort | head -2; tar --exclude='*.py' -cf e.tar src; tar tf e.tar | sort; tar xOf e.tar src/b.js | head -1",
  'jq -c \'map(.a) | unique\' <<< \'[{"a":2},{"a":1},{"a":2}]\'; jq -c --arg n x \'{$n, b: .b}\' <<< \'{"b":1}\'; jq -j \'.[]\' <<< \'["a","b"]\'; jq -c \'walk(if type=="number" then .+1 else . end)\' <<< \'[1,{"a":2}]\'; jq -c \'group_by(.k) | map(.[0].k)\' <<< \'[{"k":"b"},{"k":"a"}]\'',
  "od -c numbers.txt | head -2; od -An -tx1 numbers.txt; od -x numbers.txt | head -1; printf ab | od -An -tu1",
  "t=$(mktemp /tmp/foo.XXXXXX); [ -f \"$t\" ] && echo ok; d=$(mktemp -d); [ -d $d ] && echo dir; realpath src/deep/../a.py | sed 's|.*/||'; shuf -i 1-10 -n 3 | wc -l; yes | head -2; umask; kill -0 999999 2>/dev/null; echo $?",
  'du -b words.txt | cut -f1; echo | xargs -r echo none; set -- \'a b\' c; for x in "$@"; do echo "[$x]"; done; echo ${1@Q}',
  "echo '{\"a\": [1, 2]}' | python3 -c 'import json, sys; print(sum(json.load(sys.stdin)[\"a\"]))'",
  "cat numbers.txt | python3 -c 'import sys; print(sum(int(x) for x in sys.stdin))'",
  "python3 - <<'EOF'\nimport csv\nrows = list(csv.DictReader(open('data.csv')))\nprint(max(rows, key=lambda row: int(row['age']))['name'])\nEOF",
  "python3 -m json.tool config.json | head -3",
  "python3 -c 'import sys; sys.stdout.buffer.write(bytes([0, 200, 10]))' | base64",
  'python3 -c \'open("made", "w").write("x")\' && cat made && ls made',
  "echo 'import sys; print(len(sys.argv), sys.argv[1:])' > a.py; python3 a.py one 'two three'",
  "python3 -c 'import sys; print(\"out\"); sys.exit(4)'; echo $?",
  'for n in 1 2; do python3 -c "print($n * 10)"; done | sort -rn',
  "x=$(python3 -c 'print(6 * 7)'); echo \"[$x]\"",
  "cd src && python3 -c 'import os; print(sorted(os.listdir()))'",
  'V=7 python3 -c \'import os; print(os.environ["V"], "W" in os.environ)\'',
  "python3 -c 'print(1/0)' 2>/dev/null || echo failed",
  "python3 none.py 2>/dev/null; echo $?",
  "find . -name '*.py' | sort | xargs python3 -c 'import sys; print(sys.argv[1:])'",
  'node -p \'JSON.parse(fs.readFileSync("config.json", "utf8")).ports.map((it) => it + 1)\'',
  'cat data.csv | node -e \'console.log(fs.readFileSync(0, "utf8").trim().split("\\n").length)\'',
  "node -e 'console.log(process.argv.slice(1), new Map([[1, { a: [] }]]), \"%d\", 5)' a b",
  "node -e 'process.exitCode = 5'; echo $?",
  'echo \'console.log(require("./src/b"), __filename.split("/").pop())\' > c.js; node c.js',
  'node --input-type=module -e \'import { basename } from "node:path"; console.log(basename("/a/b"))\'',
  'node -e \'setTimeout(() => console.log("late"), 5); Promise.resolve().then(() => console.log("soon"))\'',
  "python3 -c 'print(\"{}\")' | node -e 'console.log(JSON.parse(fs.readFileSync(0)))' | cat -n | tr -s ' \\t' ' '",
];

/** Lines whose result differs, and the result here. */
const KNOWN: Readonly<Record<string, string>> = {
  "set -u; echo ${none:-default}; echo $none": "default\n[1]",
};

async function inRealBash(line: string): Promise<string> {
  await using directory = await temporaryDirectory();
  for (const [name, text] of Object.entries(FILES)) {
    const path = `${directory.path}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  // A shell tells of the signals that it was started without, as happens to a test run in the background.
  const { code, stdout } = await new Deno.Command("env", {
    args: ["--default-signal", "bash", "-c", line],
    cwd: directory.path,
    env: { LC_ALL: "C.UTF-8", TZ: "UTC" },
    stdin: "null",
  }).output();
  return `${new TextDecoder().decode(stdout)}[${code}]`;
}

Deno.test("bash cells print what a real bash prints", async (t) => {
  await using fixture = await createKernel({ language: "bash" });
  const { kernel } = fixture;
  for (const line of LINES) {
    await t.step(line, async () => {
      await kernel.execute("rm -rf ~/t; mkdir ~/t");
      for (const [name, text] of Object.entries(FILES)) {
        await kernel.files.write(`/home/user/t/${name}`, new TextEncoder().encode(text));
      }
      // A cell of its own process, as `bash -c` is one.
      await kernel.files.write("/home/user/line.sh", new TextEncoder().encode(line));
      const { outputs, error } = await kernel.execute("(cd ~/t; bash ../line.sh)");
      const stdout = outputs.map((it) =>
        it.output_type === "stream" && it.name === "stdout" ? it.text : ""
      ).join("");
      const code = error ? Number(/\d+$/.exec(error.evalue)?.[0]) : 0;
      assert.equal(`${stdout}[${code}]`, KNOWN[line] ?? await inRealBash(line));
    });
  }
});
