/**
 * The layering and the few style rules that Deno's own linter does not know.
 *
 * @module
 */
import { dirname, join, relative, resolve } from "node:path/posix";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The layers of the project, from the ground up. A module imports modules of its own entry and of the
 * layers below, and none of its own layer or above. An entry that ends with a slash is a folder.
 */
export const LAYERS: readonly (readonly string[])[] = [
  ["kernel/builtin_zlib.ts", "kernel/joined_bytes.ts", "kernel/zip_list.ts"],
  [
    "kernel/cache_directory.ts",
    "kernel/clock.ts",
    "kernel/errors.ts",
    "kernel/events.ts",
    "kernel/isolation.ts",
    "kernel/json_members.ts",
    "kernel/json_text.ts",
    "kernel/jupyter_frames.ts",
    "kernel/streams.ts",
    "kernel/whole_file.ts",
  ],
  [
    "kernel/calls/",
    "kernel/cell.ts",
    "kernel/deadline.ts",
    "kernel/event_bus.ts",
    "kernel/mounts.ts",
  ],
  [
    "kernel/files/",
    "kernel/limits/",
    "kernel/packages/",
    "kernel/permissions.ts",
    "kernel/remote_options.ts",
    "kernel/tools/",
  ],
  ["kernel/network/", "kernel/start_options.ts"],
  ["kernel/host.ts", "kernel/kernel_info.ts", "kernel/options.ts", "kernel/runtime.ts"],
  ["kernel/engine.ts", "kernel/language_infos.ts", "kernel/lifecycle.ts", "kernel/policy.ts"],
  [
    "kernel/executions/",
    "kernel/hosts/",
    "kernel/image_host.ts",
    "kernel/installation.ts",
    "kernel/pool/",
  ],
  ["kernel/hosts/worker/", "kernel/kernel.ts", "kernel/shell/"],
  ["kernel/hosts/process/"],
  ["kernel/javascript/", "kernel/pyodide/"],
  ["kernel/bash/", "kernel/shell_bundle/"],
  ["kernel/default_hosts.ts"],
  ["kernel/manager.ts"],
  ["kernel/mod.ts"],
  ["server/errors/"],
  ["server/services/"],
  ["server/http/", "server/config/", "server/telemetry/", "server/repl/"],
  ["server/apis/", "server/middleware/", "server/pages/"],
  ["server/ui/"],
  ["server/app.ts", "server/setup.ts", "server/prepare.ts"],
  ["server/lab_app.ts"],
  ["server/main.ts", "server/mcp_stdio.ts", "server/token.ts"],
];

/** The folders that only a few modules may import, although all layers above could. */
const IMPORTED_BY: Readonly<Record<string, RegExp>> = {
  // Engines and the default hosts create these parts; all other modules get them passed in.
  "kernel/bash/": /^kernel\/(bash\/|default_hosts\.ts$)/,
  "kernel/javascript/": /^kernel\/(javascript\/|shell_bundle\/|default_hosts\.ts$)/,
  "kernel/pyodide/": /^kernel\/(pyodide\/|bash\/|default_hosts\.ts$)/,
  "kernel/shell/":
    /^kernel\/(shell\/|shell_bundle\/|bash\/|javascript\/|pyodide\/|default_hosts\.ts$)/,
  "kernel/hosts/": /^kernel\/(hosts\/|bash\/|javascript\/|pyodide\/|default_hosts\.ts$)/,
  "kernel/": /^kernel\//,
};

/** The index of a module's layer, and the entry in it; undefined for a module that no layer names. */
function layerOf(path: string): { rank: number; entry: string } | undefined {
  const found = LAYERS.flatMap((entries, rank) =>
    entries.filter((entry) => entry.endsWith("/") ? path.startsWith(entry) : path === entry)
      .map((entry) => ({ rank, entry }))
  );
  return found.toSorted((a, b) => b.entry.length - a.entry.length)[0];
}

/** Says why a file of a layer must not import another module. */
function judgeLayers(file: string, target: string): string | false {
  const from = layerOf(file);
  if (!from) return file.startsWith("kernel/") && `No layer of tests/lint_plugin.ts names ${file}`;
  for (const [folder, importers] of Object.entries(IMPORTED_BY)) {
    if (!target.startsWith(folder) || target === "kernel/mod.ts") continue;
    if (!importers.test(file)) return `Only a few modules import ${folder}, and ${file} is none`;
    break;
  }
  const to = layerOf(target);
  if (!to || to.entry === from.entry || to.rank < from.rank) return false;
  return `${from.entry} is below ${to.entry} or beside it: dependencies point down`;
}

/** Says why a file must not import something, or nothing if it may. Paths are the project's. */
type Verdict = (file: string, target: string) => string | false;

/** Judges whatever names another module: imports, re-exports, worker and asset URLs. */
function importRule(verdict: Verdict): Deno.lint.Rule {
  return {
    create(context) {
      const file = relative(root, resolve(root, context.filename));

      function judge(node: Deno.lint.Node | null | undefined) {
        if (node?.type !== "Literal" || typeof node.value !== "string") return;
        const specifier = node.value;
        const target = specifier.startsWith(".") ? join(dirname(file), specifier) : specifier;
        const message = verdict(file, target);
        if (message) context.report({ node, message });
      }

      return {
        ImportDeclaration: (node) => judge(node.source),
        ExportNamedDeclaration: (node) => judge(node.source),
        ExportAllDeclaration: (node) => judge(node.source),
        ImportExpression: (node) => judge(node.source),
        "TSImportType > TSLiteralType": (node: Deno.lint.TSLiteralType) => judge(node.literal),
        // new URL("./worker_entry.ts", import.meta.url)
        "NewExpression[callee.name='URL']": (node: Deno.lint.NewExpression) =>
          node.arguments.length === 2 && judge(node.arguments[0]),
        // import.meta.resolve("pyodide/pyodide.asm.wasm")
        "CallExpression[callee.object.type='MetaProperty']": (node: Deno.lint.CallExpression) =>
          judge(node.arguments[0]),
      };
    },
  };
}

function isPackage(target: string, name: string): boolean {
  return new RegExp(`^(npm:/?|.*node_modules/)?@?${name}([@/]|$)`).test(target);
}

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    layers: importRule(judgeLayers),

    "kernel-without-http": importRule((file, target) =>
      file.startsWith("kernel/") && isPackage(target, "hono") &&
      "kernel/ knows nothing of HTTP"
    ),

    "pyodide-in-one-folder": importRule((file, target) =>
      // A bench may measure Pyodide by itself beside ours.
      isPackage(target, "pyodide") && !/^((tests\/)?kernel\/pyodide|bench)\//.test(file) &&
      "Only kernel/pyodide/ imports pyodide"
    ),

    "no-remote-import": importRule((_file, target) =>
      /^(jsr|https?):/.test(target) &&
      "Dependencies come from npm, pinned in deno.lock, so that everything works offline"
    ),

    "no-private-keyword": {
      create(context) {
        const message = "Use a #private member instead of the private keyword";
        return {
          // A constructor has no #private form.
          "[accessibility='private']:not([kind='constructor'])": (node: Deno.lint.Node) =>
            context.report({ node, message }),
          // Deno 2.9 gives these no accessibility: constructor(private port: MessagePort)
          TSParameterProperty({ range }: Deno.lint.TSParameterProperty) {
            if (context.sourceCode.text.slice(...range).startsWith("private")) {
              context.report({ range, message });
            }
          },
        };
      },
    },

    "no-top-level-arrow": {
      create(context) {
        const arrow = "VariableDeclaration > VariableDeclarator > ArrowFunctionExpression";
        function report(node: Deno.lint.ArrowFunctionExpression) {
          context.report({ node, message: "Declare a top-level function with function" });
        }
        return {
          [`Program > ${arrow}`]: report,
          [`Program > ExportNamedDeclaration > ${arrow}`]: report,
        };
      },
    },
  },
};

export default plugin;
