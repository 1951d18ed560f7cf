import assert from "node:assert/strict";
import { type ExecuteResult, KernelMode } from "../../../kernel/mod.ts";
import { createKernel, nextEvent } from "../../support/mod.ts";

/** Returns what a cell has printed and its result, or its error. */
function seen({ outputs, result, error }: ExecuteResult): string {
  const printed = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  const shown = result?.data["text/plain"] ?? "";
  return error ? `${printed}${error.ename}` : `${printed}${shown}`;
}

const CELLS = [
  ["!echo hi | tr a-z A-Z", "HI\n"],
  ["lines = !printf 'a\\nb\\n'\nlines", "['a', 'b']"],
  ["name = 'v'\n!echo {name} $name", "v v\n"],
  ["open('a.txt', 'w').write('b\\na\\n')\n!sort a.txt", "a\nb\n"],
  ["%%bash\nfor i in 1 2; do echo $i; done > out.txt\ncat out.txt", "1\n2\n"],
  ["print(open('out.txt').read(), end='')", "1\n2\n"],
  ["%%bash --out shown\necho kept", ""],
  ["shown", "'kept\\n'"],
  ["%%bash\nexit 4", "CalledProcessError"],
  ["%%bash -s 'a b' c\necho $2-$1", "c-a b\n"],
  ["%%sh -e --no-raise-error\nfalse\necho not reached", ""],
  ["%%script bash --out shown --err=errors\ncat <<E\n  here\nE\necho e >&2", ""],
  ["shown, errors", "('  here\\n', 'e\\n')"],
  ["%%script cat -n\nx\ny", "     1\tx\n     2\ty\n"],
  ["%%python --out shown - a 'b c'\nimport sys\nprint(sys.argv[1:])", ""],
  ["shown", "\"['a', 'b c']\\n\""],
  ["%%script nosuch\nx", "UsageError"],
  ["%%bash --bg\nx", "UsageError"],
  ["%%!\necho one\necho two", "['one', 'two']"],
  ["%sx echo one", "['one']"],
  ["!nosuch\n_exit_code", "bash: nosuch: command not found\n127"],
  ["!git status", "bash: git: command not found: kernels have no git\n"],
  ["!python -c 'print(6 * 7)' | cat", "42\n"],
  ["!echo 'print(input())' > p.py; echo given | python p.py; python p.py < out.txt", "given\n1\n"],
  ["!python -c 'import sys; sys.exit(3)' || echo $?", "3\n"],
  [
    "%%bash\nprintf '#!/usr/bin/env python3\\nimport sys\\nprint(input(), sys.argv[1:])\\n' > s\n" +
    "chmod +x s\necho in | ./s 'a b'",
    "in ['a b']\n",
  ],
  [
    "os = __import__('os')\nos.makedirs('/bin', exist_ok=True)\n" +
    "open('/bin/own-tool', 'w').write('#!/usr/bin/python\\nraise SystemExit(5)')\n" +
    "os.chmod('/bin/own-tool', 0o755)\n!own-tool || ls /bin | grep -c own-tool",
    "1\n",
  ],
  [
    "import subprocess\nsubprocess.run(['grep', '-c', 'a', 'a.txt'], capture_output=True, text=True)",
    "CompletedProcess(args=['grep', '-c', 'a', 'a.txt'], returncode=0, stdout='1\\n', stderr='')",
  ],
  ["subprocess.check_output('cat a.txt | wc -l', shell=True)", "b'2\\n'"],
  [
    "subprocess.run(['sort'], input='z\\ny\\n', text=True, capture_output=True).stdout",
    "'y\\nz\\n'",
  ],
  ["subprocess.run(['false'], check=True)", "CalledProcessError"],
  ["subprocess.run(['git', 'status'])", "FileNotFoundError"],
  [
    "import errno\ntry: subprocess.run(['git'])\nexcept OSError as e: print(errno.errorcode[e.errno], e.filename)",
    "ENOENT git\n",
  ],
  ["subprocess.run('git status', shell=True, stderr=subprocess.DEVNULL).returncode", "127"],
  [
    "p = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n" +
    "p.stdin.write('w')\np.communicate()",
    "('w', None)",
  ],
  [
    "subprocess.run('echo $FOO', shell=True, env={'FOO': 'bar'}, capture_output=True).stdout",
    "b'bar\\n'",
  ],
  ["subprocess.run(['sleep', '100'], timeout=0.1)", "TimeoutExpired"],
  ["subprocess.run(['bash', '-c', 'while true; do :; done'], timeout=0.1)", "TimeoutExpired"],
  [
    "import sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(100)'], timeout=0.1)",
    "TimeoutExpired",
  ],
  [
    "p = subprocess.Popen(['sleep', '100'])\nbefore = p.poll()\np.kill()\nbefore, p.wait(), p.poll()",
    "(None, -9, -9)",
  ],
  [
    "p = subprocess.Popen('echo a; sleep 100', shell=True, stdout=-1)\np.terminate()\n" +
    "p.communicate()[1], p.returncode",
    "(None, -15)",
  ],
  ["p = subprocess.Popen(['cat'], stdin=-1)\np.kill()\np.wait()", "-9"],
  ["p = subprocess.Popen(['sleep', '100'])\np.send_signal(10)", "OSError"],
  ["p.kill()\np.communicate(timeout=10), p.returncode", "((None, None), -9)"],
  [
    'inner = \'import subprocess; print(subprocess.run("cat; exit 3", shell=True, input=b"q").returncode)\'\n' +
    "subprocess.run([sys.executable, '-c', inner], capture_output=True, text=True).stdout",
    "'q3\\n'",
  ],
  [
    'inner = \'import subprocess as s, sys\\ntry: s.run(["sleep", "100"], timeout=0.1)\\n' +
    "except s.TimeoutExpired: sys.exit(5)'\n" +
    'subprocess.run(\'python -c "$0" || echo $?\', shell=True, stdout=-1, env={"0": inner}).stdout',
    "b'5\\n'",
  ],
  [
    "waiting = 'import os, time; time.sleep(0.3); print(os.getcwd())'\n" +
    "p = subprocess.Popen([sys.executable, '-c', waiting], cwd='/tmp', stdout=-1, env={})\n" +
    "print(os.getcwd() != '/tmp', 'HOME' in os.environ)\np.communicate()[0]",
    "True True\nb'/tmp\\n'",
  ],
  [
    "first, second, third = (subprocess.Popen(it) for it in (\n" +
    "  ['sleep', '0.1'], [sys.executable, '-c', 'import time; time.sleep(0.3)'], ['sleep', '100']))\n" +
    "first.wait(), third.kill(), second.wait(), third.wait()",
    "(0, None, 0, -9)",
  ],
  ["subprocess.run(['pwd'], cwd='/nosuch')", "FileNotFoundError"],
  ["!python -c 'import os; os._exit(3)'; python -c 'import os; os.abort()' || echo $?", "134\n"],
  ["!python -c 'import os; os.kill(os.getpid(), 9)' || echo $?", "137\n"],
  ["!python -c 'import signal; signal.raise_signal(15)' || echo $?", "143\n"],
  ["import os\nos.system('echo sys; exit 3')", "sys\n768"],
  ["os.popen('echo popen').read()", "'popen\\n'"],
  ["os.chdir('/tmp')\n!pwd", "/tmp\n"],
] as const;

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
  Deno.test(`${mode}: commands of a shell work on Python's files`, async (t) => {
    await using fixture = await createKernel({ mode });
    for (const [code, expected] of CELLS) {
      await t.step(code, async () => {
        assert.equal(seen(await fixture.kernel.execute(code)), expected);
      });
    }
  });

  for (
    const code of [
      "!sleep 100",
      "!while true; do :; done",
      "import os; os.system('sleep 100')",
      "!python -c 'while True: pass'",
      "!python -c 'import time; time.sleep(100)'; sleep 100",
    ]
  ) {
    Deno.test(`${mode}: interruptKernel() stops ${code}`, async () => {
      await using fixture = await createKernel({ mode });
      const { kernel, manager, id } = fixture;
      await kernel.execute("!echo loaded");
      const started = nextEvent(kernel, "execute_input");
      const running = kernel.execute(code);
      await started;
      await manager.interruptKernel(id);
      assert.equal((await running).error?.ename, "KeyboardInterrupt");
      assert.equal(seen(await kernel.execute("!echo alive")), "alive\n");
    });
  }
}
