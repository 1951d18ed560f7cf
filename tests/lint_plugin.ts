/**
 * The layering and the few style rules that Deno's own linter does not know.
 *
 * @module
 */
import { dirname, join, relative, resolve } from "node:path/posix";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

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
    "kernel-without-server": importRule((file, target) =>
      file.startsWith("kernel/") && (target.startsWith("server/") || isPackage(target, "hono")) &&
      "kernel/ knows nothing of HTTP: it imports neither server/ nor Hono"
    ),

    "pyodide-in-one-folder": importRule((file, target) =>
      // A bench may measure Pyodide by itself beside ours.
      isPackage(target, "pyodide") && !/^((tests\/)?kernel\/pyodide|bench)\//.test(file) &&
      "Only kernel/pyodide/ imports pyodide"
    ),

    "kernel-through-mod": importRule((file, target) =>
      file.startsWith("server/") && target.startsWith("kernel/") && target !== "kernel/mod.ts" &&
      "server/ uses the kernel library through kernel/mod.ts"
    ),

    "manager-without-hosts": importRule((file, target) =>
      file === "kernel/manager.ts" &&
      /^kernel\/(pyodide|hosts)\//.test(target) &&
      "The manager is given its hosts: only kernel/default_hosts.ts names concrete ones"
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
