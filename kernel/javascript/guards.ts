/** The places where code looks for an interrupt: the begin of each loop's round and of each function. */
import type { Edits } from "./edits.ts";
import type { SyntaxNode } from "./parser.ts";

/** The names by which rewritten code reaches its kernel. */
export const HOOKS = {
  /** An array whose first element is not zero when the kernel wants the code's attention. */
  attention: "__attention__",
  /** Throws when the code is to be interrupted. */
  interrupt: "__interrupt__",
  /** Makes a wait of the cell interruptible. */
  wait: "__wait__",
  /** Imports a module. */
  import: "__import__",
} as const;

const GUARD = `${HOOKS.attention}[0]&&${HOOKS.interrupt}()`;

/** The nodes that are loops. */
export const LOOPS: ReadonlySet<string> = new Set([
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
]);

/** The nodes that are functions. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

/** Begins the guard of a loop or function; nodes of other kinds stay as they are. */
export function openGuard(edits: Edits, node: SyntaxNode): void {
  if (LOOPS.has(node.type)) guardLoop(edits, node);
  else if (FUNCTIONS.has(node.type)) guardFunction(edits, node);
}

/** Ends the guard of a node, after those of all nodes below. */
export function closeGuard(edits: Edits, node: SyntaxNode): void {
  if (node.type === "ArrowFunctionExpression" && node["expression"]) {
    edits.insert((node["body"] as SyntaxNode).end, ")");
  }
  if (!LOOPS.has(node.type)) return;
  const body = node["body"] as SyntaxNode;
  if (body.type !== "BlockStatement") edits.insert(body.end, "}");
}

function guardLoop(edits: Edits, node: SyntaxNode): void {
  const body = node["body"] as SyntaxNode;
  if (body.type === "BlockStatement") edits.insert(body.start + 1, `${GUARD};`);
  else edits.insert(body.start, `{${GUARD};`);
}

function guardFunction(edits: Edits, node: SyntaxNode): void {
  const body = node["body"] as SyntaxNode;
  if (body.type !== "BlockStatement") return edits.insert(body.start, `(${GUARD},`);
  // A directive such as "use strict" has to stay the first statement.
  const directives = (body["body"] as SyntaxNode[]).filter((it) => "directive" in it);
  const at = directives.at(-1)?.end ?? body.start + 1;
  edits.insert(at, directives.length > 0 ? `;${GUARD};` : `${GUARD};`);
}
