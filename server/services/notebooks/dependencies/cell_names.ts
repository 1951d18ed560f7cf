import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { pythonText } from "./python_text.ts";
import { type Names, Scope } from "./scope.ts";

/** The names that a cell uses. */
export interface CellNames extends Names {
  /** False when the cell cannot be read as Python; the names are then those of the parts that can. */
  isComplete: boolean;
}

/** The longest source that is looked at, in characters. */
const MAX_LENGTH = 1_000_000;

/** Methods that change their object, of Python's own types and of some libraries. */
const MUTATORS = new Set([
  ...["append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard"],
  ...["update", "setdefault", "popitem", "appendleft", "popleft", "extendleft", "rotate"],
  ...["difference_update", "intersection_update", "symmetric_difference_update", "write"],
  ...["fit", "partial_fit", "setflags", "fill", "resize", "put"],
]);

/**
 * Finds the names that a cell of Python reads, defines and changes, from its syntax tree. This is an
 * approximation: nobody can know what a call does to the objects that it is given.
 */
export function cellNames(source: string): CellNames {
  const scope = new Scope("module");
  if (source.length > MAX_LENGTH) return { ...scope.names, isComplete: false };
  const text = pythonText(source);
  const tree = parser.parse(`${text}\n`);
  try {
    new Walk(text).all(tree.topNode, scope);
  } catch (error) {
    // The nesting of the source is deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    return { ...scope.names, isComplete: false };
  }
  let isComplete = true;
  tree.iterate({ enter: ({ type }) => void (isComplete &&= !type.isError) });
  return { ...scope.names, isComplete };
}

/** Walks a syntax tree in the order in which Python runs it. */
class Walk {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  all(node: SyntaxNode, scope: Scope): void {
    for (const child of childrenOf(node)) this.visit(child, scope);
  }

  visit(node: SyntaxNode, scope: Scope): void {
    switch (node.name) {
      case "VariableName":
        return scope.read(this.#textOf(node));
      case "AssignStatement":
        return this.#assign(node, scope);
      case "NamedExpression": {
        const [name, , value] = childrenOf(node);
        if (value) this.visit(value, scope);
        return this.#bind(name, scope);
      }
      case "UpdateStatement": {
        const [target, , value] = childrenOf(node);
        if (value) this.visit(value, scope);
        if (target?.name === "VariableName") return scope.mutate(this.#textOf(target));
        return this.#bind(target, scope);
      }
      case "DeleteStatement":
        for (const child of childrenOf(node)) {
          if (child.name === "MemberExpression") this.#bind(child, scope);
          else this.visit(child, scope);
        }
        return;
      case "ImportStatement":
        return this.#import(node, scope);
      case "ScopeStatement":
        for (const name of namesIn(node)) scope.declareOuter(this.#textOf(name));
        return;
      case "FunctionDefinition":
      case "LambdaExpression":
        return this.#function(node, scope);
      case "ClassDefinition":
        return this.#class(node, scope);
      case "IfStatement":
      case "MatchStatement":
        return this.#branches(node, scope);
      case "ForStatement":
        return this.#for(node, scope);
      case "WhileStatement":
        return this.#while(node, scope);
      case "WithStatement":
      case "TryStatement":
        return this.#withNames(node, scope);
      case "TypeDefinition": {
        const [, name, ...rest] = childrenOf(node);
        for (const child of rest) this.visit(child, scope);
        return this.#bind(name, scope);
      }
      case "CallExpression":
        return this.#call(node, scope);
      case "ArgList":
        if (has(node, "for")) return this.#comprehension(node, scope);
        return this.#arguments(node, scope);
      case "PatternArgList":
      case "KeywordPattern":
        return this.#pattern(node, scope);
      case "CapturePattern":
        return this.#bind(node.firstChild ?? undefined, scope);
      default:
        if (node.name.endsWith("Expression") && has(node, "for")) {
          return this.#comprehension(node, scope);
        }
        return this.all(node, scope);
    }
  }

  /** The values come first, as in Python: `x = x + 1` reads what was there before. */
  #assign(node: SyntaxNode, scope: Scope): void {
    const targets: SyntaxNode[][] = [[]];
    for (const child of childrenOf(node)) {
      if (child.name === "AssignOp") targets.push([]);
      else if (child.name === "TypeDef") this.all(child, scope);
      else targets.at(-1)!.push(child);
    }
    // An annotation alone gives no value.
    if (targets.length === 1) return;
    for (const value of targets.pop()!) this.visit(value, scope);
    for (const target of targets.flat()) this.#bind(target, scope);
  }

  /** Takes in a target of an assignment. */
  #bind(target: SyntaxNode | undefined, scope: Scope): void {
    if (!target) return;
    if (target.name === "VariableName") return scope.define(this.#textOf(target));
    if (target.name === "MemberExpression") {
      this.visit(target, scope);
      const root = rootOf(target);
      if (root) scope.mutate(this.#textOf(root));
      return;
    }
    if (/^(Tuple|Array|Parenthesized)Expression$/.test(target.name)) {
      for (const child of childrenOf(target)) this.#bind(child, scope);
    }
  }

  #import(node: SyntaxNode, scope: Scope): void {
    const children = childrenOf(node);
    const from = children.findIndex(({ name }) => name === "import");
    const isFrom = children[0]?.name === "from";
    // `import a.b` defines `a`, and `import a.b as c` defines `c`.
    let first: SyntaxNode | undefined;
    let last: SyntaxNode | undefined;
    const end = () => {
      const defined = last ?? first;
      if (defined) scope.define(this.#textOf(defined));
      first = last = undefined;
    };
    for (const [index, child] of children.entries()) {
      if (index <= from) continue;
      if (child.name === ",") end();
      else if (child.name === "VariableName") {
        if (!first) first = child;
        else if (children[index - 1]?.name === "as") last = child;
        else if (isFrom) last = child;
      }
    }
    end();
  }

  #function(node: SyntaxNode, scope: Scope): void {
    const inside = new Scope("function", scope);
    for (const child of childrenOf(node)) {
      if (child.name === "VariableName") continue;
      if (child.name === "ParamList") this.#parameters(child, scope, inside);
      else if (child.name === "TypeParamList") {
        for (const it of childrenOf(child)) this.#bind(it.firstChild ?? undefined, inside);
      } else if (child.name === "Body" || node.name === "LambdaExpression") {
        this.visit(child, inside);
      } else this.all(child, scope);
    }
    inside.close();
    if (node.name === "FunctionDefinition") this.#bind(nameOf(node), scope);
  }

  /** Defaults and annotations belong to the scope around the function. */
  #parameters(list: SyntaxNode, around: Scope, inside: Scope): void {
    const children = childrenOf(list);
    for (const [index, child] of children.entries()) {
      const isDefault = children[index - 1]?.name === "AssignOp";
      if (child.name === "VariableName" && !isDefault) this.#bind(child, inside);
      else this.visit(child, around);
    }
  }

  #class(node: SyntaxNode, scope: Scope): void {
    const inside = new Scope("class", scope);
    for (const child of childrenOf(node)) {
      if (child.name === "Body") this.visit(child, inside);
      else if (child.name !== "VariableName") this.visit(child, scope);
    }
    inside.close();
    this.#bind(nameOf(node), scope);
  }

  #branches(node: SyntaxNode, scope: Scope): void {
    const ways: (() => void)[] = [];
    for (const child of childrenOf(node)) {
      if (child.name === "Body") ways.push(() => this.visit(child, scope));
      else if (child.name === "MatchBody") {
        for (const clause of childrenOf(child)) ways.push(() => this.all(clause, scope));
      } else this.visit(child, scope);
    }
    scope.branch(ways, has(node, "else"));
  }

  #for(node: SyntaxNode, scope: Scope): void {
    const children = childrenOf(node);
    const start = children.findIndex(({ name }) => name === "for");
    const end = children.findIndex(({ name }) => name === "in");
    const bodies = children.filter(({ name }) => name === "Body");
    for (const child of children.slice(end)) {
      if (child.name !== "Body") this.visit(child, scope);
    }
    for (const target of children.slice(start + 1, end)) this.#bind(target, scope);
    scope.branch(bodies.map((body) => () => this.visit(body, scope)), false);
  }

  #while(node: SyntaxNode, scope: Scope): void {
    const ways: (() => void)[] = [];
    for (const child of childrenOf(node)) {
      if (child.name === "Body") ways.push(() => this.visit(child, scope));
      else this.visit(child, scope);
    }
    scope.branch(ways, false);
  }

  /** Names after `as`; the bodies of these statements run. */
  #withNames(node: SyntaxNode, scope: Scope): void {
    let before: string | undefined;
    for (const child of childrenOf(node)) {
      if (before === "as") this.#bind(child, scope);
      else this.visit(child, scope);
      before = child.name;
    }
  }

  #call(node: SyntaxNode, scope: Scope): void {
    this.all(node, scope);
    const [callee, args] = childrenOf(node);
    if (callee?.name !== "MemberExpression") return;
    const method = callee.lastChild;
    const isMutator = method?.name === "PropertyName" && MUTATORS.has(this.#textOf(method));
    const root = rootOf(callee);
    if (root && (isMutator || (args && /\binplace\s*=\s*True\b/.test(this.#textOf(args))))) {
      scope.mutate(this.#textOf(root));
    }
  }

  /** The name of a keyword argument is none of the notebook's. */
  #arguments(node: SyntaxNode, scope: Scope): void {
    const children = childrenOf(node);
    for (const [index, child] of children.entries()) {
      if (child.name === "VariableName" && children[index + 1]?.name === "AssignOp") continue;
      this.visit(child, scope);
    }
  }

  /** A pattern reads the names of classes and of keywords no more than a call does. */
  #pattern(node: SyntaxNode, scope: Scope): void {
    const children = childrenOf(node);
    for (const child of node.name === "KeywordPattern" ? children.slice(1) : children) {
      this.visit(child, scope);
    }
  }

  /** The first iterable belongs to the scope around the comprehension. */
  #comprehension(node: SyntaxNode, scope: Scope): void {
    const inside = new Scope("comprehension", scope);
    const rest: SyntaxNode[] = [];
    let part: "other" | "target" | "iterable" = "other";
    let isFirst = true;
    for (const child of childrenOf(node)) {
      if (child.name === "for") part = "target";
      else if (child.name === "in" && part === "target") part = "iterable";
      else if (part === "target") this.#bind(child, inside);
      else if (part === "iterable" && isFirst) {
        this.visit(child, scope);
        isFirst = false;
        part = "other";
      } else rest.push(child);
    }
    for (const child of rest) {
      // A name that `:=` defines is one of the scope around it.
      for (const name of walrusNames(child)) {
        inside.declareOuter(this.#textOf(name));
      }
      this.visit(child, inside);
    }
    inside.close();
  }

  #textOf({ from, to }: SyntaxNode): string {
    return this.#text.slice(from, to);
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

function has(node: SyntaxNode, name: string): boolean {
  return childrenOf(node).some((child) => child.name === name);
}

function namesIn(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter(({ name }) => name === "VariableName");
}

function nameOf(node: SyntaxNode): SyntaxNode | undefined {
  return namesIn(node)[0];
}

/** Returns the name at the beginning of `a.b[c].d`; undefined when there is none. */
function rootOf(node: SyntaxNode): SyntaxNode | undefined {
  let root: SyntaxNode | null = node;
  while (root && /^(Member|Call)Expression$/.test(root.name)) root = root.firstChild;
  return root?.name === "VariableName" ? root : undefined;
}

function walrusNames(node: SyntaxNode): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  const cursor = node.cursor();
  do {
    if (cursor.name === "NamedExpression" && cursor.node.firstChild) {
      names.push(cursor.node.firstChild);
    }
  } while (cursor.next() && cursor.from < node.to);
  return names;
}
