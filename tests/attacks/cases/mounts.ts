import type { Attack } from "../attack.ts";

const READ_ONLY = { mounts: [{ root: "{MOUNT}", mountPoint: "/data", access: "ro" }] };
const WRITABLE = { mounts: [{ root: "{MOUNT}", mountPoint: "/data", access: "rw" }] };

/** Attacks on mounted directories, and on the files beside them. */
export const mountAttacks: Attack[] = [
  {
    name: "write to a read-only mount",
    kernel: READ_ONLY,
    code: "print(open('/data/in.txt').read())\nopen('/data/new.txt', 'w')",
    outcome: { status: "error", raises: /PermissionError/ },
  },
  {
    name: "change a file of a read-only mount",
    kernel: READ_ONLY,
    code: "import os\nos.remove('/data/in.txt')",
    outcome: { status: "error", raises: /PermissionError/ },
  },
  {
    name: "write to a read-only mount through Deno",
    kernel: READ_ONLY,
    code: "import js\njs.Deno.writeTextFileSync('{MOUNT}/new.txt', 'x')",
    outcome: { status: "error", raises: /NotCapable/ },
  },
  {
    name: "leave a mount by its parent",
    kernel: WRITABLE,
    code: "open('/data/../../../../etc/passwd')",
    outcome: { status: "error", raises: /FileNotFoundError/ },
  },
  {
    name: "leave a mount by its parent through Deno",
    kernel: WRITABLE,
    code: "import js\njs.Deno.readTextFileSync('{MOUNT}/../../etc/passwd')",
    outcome: { status: "error", raises: /NotCapable/ },
  },
  {
    name: "leave a mount by a new link",
    kernel: WRITABLE,
    code: "import os\nos.symlink('/etc/passwd', '/data/link')\nprint(open('/data/link').read())",
    outcome: { status: "error", raises: /PermissionError|OSError/ },
  },
  {
    name: "leave a mount by a new link through Deno",
    kernel: WRITABLE,
    code: "import js\njs.Deno.symlinkSync('/etc', '{MOUNT}/link')",
    outcome: { status: "error", raises: /NotCapable/ },
  },
  {
    name: "leave a mount by renaming",
    kernel: WRITABLE,
    code: "import js\njs.Deno.renameSync('{MOUNT}/in.txt', '/tmp/attack')",
    outcome: { status: "error", raises: /NotCapable/ },
  },
  {
    name: "fill the disk of a writable mount",
    kernel: WRITABLE,
    code: "with open('/data/big', 'wb') as f:\n  for _ in range(1000): f.write(b'x' * 2**20)",
    usesUp: true,
    outcome: { status: "error", raises: /OSError: .*space/ },
  },
  {
    name: "grow a file of a writable mount by seeking",
    kernel: WRITABLE,
    code: "import os\nos.truncate('/data/in.txt', 2**40)",
    usesUp: true,
    outcome: { status: "error", raises: /OSError: .*space|OverflowError/ },
  },
  {
    name: "mount what is not to be mounted",
    kernel: { mounts: [{ root: "/etc", mountPoint: "/data" }] },
    code: "open('/data/passwd')",
    outcome: { status: "refused", message: /outside the directories that may be mounted/ },
  },
  {
    name: "mount a directory with a link that leads out of it",
    kernel: { mounts: [{ root: "{LINKED}", mountPoint: "/data" }] },
    code: "open('/data/host/etc/passwd')",
    outcome: { status: "error", raises: /FileNotFoundError/ },
    withoutOwnRoot: { status: "refused", message: /leads out of it/ },
  },
  // The mount is at /mnt/0 in a kernel with a root of its own.
  ...[
    "writeTextFileSync('/mnt/0/new.txt', 'x')",
    "renameSync('/mnt/0/in.txt', '/mnt/0/out.txt')",
    "removeSync('/mnt/0/in.txt')",
    "truncateSync('/mnt/0/in.txt')",
    "chmodSync('/mnt/0/in.txt', 0o777)",
    "linkSync('/mnt/0/in.txt', '/mnt/0/out.txt')",
  ].map((call): Attack => ({
    name: `change a read-only mount at its place: ${call}`,
    kernel: READ_ONLY,
    code: `import js\njs.Deno.${call}`,
    outcome: { status: "error", raises: /NotCapable/ },
  })),
  ...["/mnt/0/../../modules", "/proc/self/fd", "/proc/1/mem", "/deno", "/kernel", "/tmp"].map((
    path,
  ): Attack => ({
    name: `read ${path} in the root of its own`,
    kernel: WRITABLE,
    code:
      `import js\nfor read in (js.Deno.readDirSync, js.Deno.readFileSync): list(read('${path}'))`,
    outcome: { status: "error", raises: /NotCapable/ },
  })),
  {
    name: "be granted what is above the ceiling",
    kernel: { permissions: { read: true } },
    code: "1",
    outcome: { status: "refused", message: /more than may be granted/ },
  },
  {
    name: "use more memory than there may be",
    kernel: { limits: { memoryMb: 4096 } },
    code: "1",
    outcome: { status: "refused", message: /limits\.memoryMb: 4096 is more than may be asked for/ },
  },
];
