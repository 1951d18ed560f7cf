import { type Attack, js, raises } from "../attack.ts";

const LINKED = { mounts: [{ root: "{LINKED}", mountPoint: "/data", access: "rw" }] };
const LINKED_READ_ONLY = {
  mounts: [{ root: "{LINKED}", mountPoint: "/data", access: "ro" }],
};
/** The errors at the end of a link that leads out of the mount: no file of the host is there. */
const NOTHING_THERE = raises(/NotFound|NotCapable/);
const REFUSED = { status: "refused", message: /leads out of it/ } as const;

const IN_LINKED = { kernel: LINKED, withoutOwnRoot: REFUSED };

/** Moves in the mounted tree after which a link leads out of it, and the paths that lead out then. */
const MOVES: Record<string, { from: string; to: string; out: string[] }> = {
  "a relative link": {
    ...{ from: "data/2026/11/25/base", to: "base" },
    out: ["base/etc/passwd", "base{SECRET}", "base/proc/1/environ"],
  },
  "npm's link to a tool": { from: "node_modules/.bin/tool", to: "tool", out: ["tool"] },
  "the directory of a relative link": {
    ...{ from: "data/2026/11/25", to: "moved" },
    out: ["moved/base/etc/passwd", "moved/base{SECRET}"],
  },
  "a directory with directories of links": {
    ...{ from: "data/2026", to: "moved" },
    out: ["moved/11/25/base/../secret"],
  },
};

function rename(how: string, from: string, to: string): string {
  return how === "Deno"
    ? `js.Deno.renameSync('/mnt/0/${from}', '/mnt/0/${to}')`
    : `os.rename('/data/${from}', '/data/${to}')`;
}

const MOVED: Attack[] = Object.entries(MOVES).flatMap(([what, { from, to, out }]) =>
  ["Deno", "Python"].flatMap((how) =>
    out.map((path): Attack => ({
      ...IN_LINKED,
      name: `move ${what} by ${how} and follow it to ${path}`,
      code: js(`import os
${rename(how, from, to)}
assert os.path.lexists('/data/${to}')
try: print(open('/data/${path}').read())
except OSError: pass
print(js.Deno.readTextFileSync('/mnt/0/${path}'))`),
      outcome: NOTHING_THERE,
    }))
  )
);

const FOLLOWED: Attack[] = [
  "absolute",
  "host{SECRET}",
  "host/etc/passwd",
  "process{SECRET}",
]
  .concat("self{SECRET}", "host/proc/1/environ", "process/etc/shadow")
  .flatMap((path): Attack[] => [
    {
      ...IN_LINKED,
      name: `read through the link ${path}`,
      code: js(`js.Deno.readTextFileSync('/mnt/0/${path}')`),
      outcome: raises(/NotFound|PermissionDenied|NotCapable/),
    },
    {
      ...IN_LINKED,
      name: `write through the link ${path}`,
      code: js(`js.Deno.writeTextFileSync('/mnt/0/${path}', 'spoilt')`),
      outcome: raises(/NotFound|PermissionDenied|NotCapable|Read-only/),
    },
    {
      ...IN_LINKED,
      name: `read through the link ${path} with Python`,
      code: `open('/data/${path}').read()`,
      outcome: raises(/FileNotFoundError|PermissionError|NotADirectoryError/),
    },
  ]);
/** Attacks by links that lead out of a mount, or could. */
export const linkAttacks: Attack[] = [
  ...MOVED,
  ...FOLLOWED,
  {
    ...IN_LINKED,
    name: "use the links of a mount inside it",
    code: js(`import os
print(open('/data/node_modules/.bin/tool').read(), open('/data/tools/tool').read())
print(js.Deno.readTextFileSync('/mnt/0/tools/tool'), os.readlink('/data/node_modules/.bin/tool'))
os.rename('/data/node_modules/.bin/tool', '/data/node_modules/.bin/other')
print(os.path.islink('/data/tools/other'), open('/data/tools/other').read())
open('/data/tools/other', 'w').write('changed')
print(open('/data/hard').read())
os.remove('/data/tools')
print(os.listdir('/data/node_modules/.bin'))`),
    outcome: {
      status: "ok",
      prints:
        /the tool the tool\nthe tool \.\.\/tool\/cli\.js\nTrue the tool\nchanged\n\['other'\]/,
    },
  },
  {
    ...IN_LINKED,
    name: "leave a mount by links of its own",
    code: js(`import os
for make in (lambda: os.symlink('/etc', '/data/new'), lambda: js.Deno.symlinkSync('/etc', '/mnt/0/new'),
             lambda: js.Deno.linkSync('/mnt/0/host/etc/passwd', '/mnt/0/new')):
  try: make()
  except Exception as error: print(type(error).__name__)
js.Deno.readTextFileSync('/mnt/0/new/passwd')`),
    outcome: NOTHING_THERE,
  },
  {
    name: "read through the links of a read-only mount",
    kernel: LINKED_READ_ONLY,
    code: js("js.Deno.readTextFileSync('/mnt/0/absolute')"),
    outcome: NOTHING_THERE,
    withoutOwnRoot: REFUSED,
  },
  {
    name: "move a link of a read-only mount",
    kernel: LINKED_READ_ONLY,
    code: "import os\nos.rename('/data/data/2026/11/25/base', '/data/base')",
    outcome: raises(/PermissionError|OSError/),
    withoutOwnRoot: REFUSED,
  },
  {
    name: "follow a link that somebody makes meanwhile",
    kernel: {
      mounts: [{ root: "{LINKED}/node_modules/tool", mountPoint: "/data", access: "ro" }],
    },
    meanwhile: (linked) => Deno.symlink("/etc", `${linked}/node_modules/tool/late`),
    code: js("js.Deno.readTextFileSync('/mnt/0/late/passwd')"),
    outcome: NOTHING_THERE,
    withoutOwnRoot: { status: "contained" },
    notInWorker: "JavaScript follows a link that is made after the mount was looked through",
  },
  {
    name: "move a link that somebody makes meanwhile",
    kernel: { mounts: [{ root: "{LINKED}/node_modules/tool", mountPoint: "/data" }] },
    meanwhile: (linked) => Deno.symlink("cli.js", `${linked}/node_modules/tool/late`),
    code: js(`import os
os.mkdir('/data/deep')
os.rename('/data/late', '/data/deep/late')
js.Deno.readTextFileSync('/mnt/0/deep/late')`),
    outcome: NOTHING_THERE,
    withoutOwnRoot: raises(/PermissionError/),
  },
  {
    name: "change a mount's directory itself",
    kernel: LINKED,
    code: js("js.Deno.removeSync('/mnt/0', recursive=True)"),
    outcome: raises(/./),
    withoutOwnRoot: REFUSED,
  },
];
