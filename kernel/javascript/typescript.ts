import { stripTypeScriptTypes } from "node:module";
import { asObject } from "./cell_code.ts";
import { Edits } from "./edits.ts";
import { childrenOf, type Parse, parseFile, type SyntaxNode } from "./parser.ts";

/** Taken before user code could replace it. */
const strip = stripTypeScriptTypes;

/**
 * Returns the JavaScript of a TypeScript cell, which may be an object alone.
 *
 * @throws {SyntaxError} when the cell is not TypeScript.
 */
export function cellWithoutTypes(code: string): string {
  const object = asObject(code);
  if (object !== undefined) {
    try {
      return withoutTypes(object);
    } catch {
      // It is a block.
    }
  }
  return withoutTypes(code);
}

/**
 * Returns the JavaScript of a TypeScript file. Names that it imports and uses as types alone are not imported:
 * nothing else tells them from values.
 *
 * @throws {SyntaxError} when the file is not TypeScript.
 */
export function fileWithoutTypes(source: string, parse: Parse): string {
  const code = withoutTypes(source);
  if (!/\bimport\b/.test(code)) return code;
  let program;
  try {
    program = parseFile(code, "module", parse);
  } catch {
    return code; // The engine says what is wrong.
  }
  const used = new Set<string>();
  const imports: SyntaxNode[] = [];
  for (const statement of program["body"] as SyntaxNode[]) {
    if (statement.type === "ImportDeclaration") imports.push(statement);
    else addNames(statement, used);
  }
  const edits = new Edits(code);
  for (const statement of imports) removeUnused(statement, used, edits);
  return edits.apply();
}

/** Adds the names that code refers to. */
function addNames(node: SyntaxNode, used: Set<string>): void {
  if (node.type === "Identifier") used.add(node["name"] as string);
  const { computed, shorthand, property, key } = node as Record<string, unknown>;
  for (const child of childrenOf(node)) {
    const isName = child === property || child === key && shorthand !== true;
    if (!isName || computed === true) addNames(child, used);
  }
}

/** Removes the names of an import that nothing uses, and the import when it has no other. */
function removeUnused(statement: SyntaxNode, used: ReadonlySet<string>, edits: Edits): void {
  const specifiers = statement["specifiers"] as SyntaxNode[];
  const kept = specifiers.filter((it) => used.has((it["local"] as { name: string }).name));
  if (kept.length === specifiers.length) return;
  if (kept.length === 0) return edits.replace(statement.start, statement.end, ";");
  const textOf = (it: SyntaxNode) => {
    const local = (it["local"] as { name: string }).name;
    const { name, raw } = it["imported"] as { name?: string; raw?: string } ?? {};
    return (name ?? raw) === local ? local : `${name ?? raw} as ${local}`;
  };
  const all = kept.find((it) => it.type === "ImportNamespaceSpecifier");
  const main = kept.find((it) => it.type === "ImportDefaultSpecifier");
  const named = kept.filter((it) => it.type === "ImportSpecifier").map(textOf);
  const parts = [
    ...(main ? [(main["local"] as { name: string }).name] : []),
    ...(all ? [`* as ${(all["local"] as { name: string }).name}`] : []),
    ...(named.length > 0 ? [`{ ${named.join(", ")} }`] : []),
  ];
  const source = statement["source"] as SyntaxNode;
  edits.replace(statement.start, source.start, `import ${parts.join(", ")} from `);
}

/**
 * Returns JavaScript for TypeScript. Types are removed and not checked; the lines stay, unless the
 * code has syntax that becomes code, such as an enum.
 *
 * @throws {SyntaxError} when it is not TypeScript.
 */
export function withoutTypes(code: string): string {
  try {
    return strip(code, { mode: "strip" });
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNSUPPORTED) throw shortened(error);
  }
  try {
    return strip(code, { mode: "transform" });
  } catch (error) {
    throw shortened(error);
  }
}

/** The code of the error for syntax that becomes code. */
const UNSUPPORTED = "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";

/** Returns the error of a parser whose message also shows the code, with the message alone and its line. */
function shortened(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const [message = ""] = error.message.replace(/^SyntaxError: /, "").split("\n");
  const [, line] = /:(\d+):\d+\s*$/.exec(error.message) ?? [];
  return new SyntaxError(line === undefined ? message : `${message} (line ${line})`);
}
