/**
 * Turns a cell into a script. A cell is more than a script: what it declares at its top is there for later
 * cells, which may declare it again; it may import, and wait for promises; and it can be interrupted, for
 * which its loops and functions look at the kernel's attention as they begin.
 */
import { Edits } from "./edits.ts";
import { closeGuard, FUNCTIONS, HOOKS, LOOPS, openGuard } from "./guards.ts";
import { boundNames, childrenOf, type Parse, parseCell, type SyntaxNode } from "./parser.ts";

/** A cell that is ready to be executed. */
export interface CellCode {
  /** The script; its lines are those of the cell. */
  code: string;
  /** True when the script's value is a promise of an object with the cell's value. */
  waits: boolean;
  /** The names that the cell declares at its top. */
  names: string[];
  /** Leads a column of the script back to the cell. */
  columnOf(line: number, column: number): number;
}

/**
 * Makes the script of a cell.
 *
 * @throws {ParseError} when the cell's syntax is wrong.
 */
export function cellCode(source: string, parse: Parse): CellCode {
  const object = asObject(source);
  const program = object === undefined ? undefined : parseObject(object, parse);
  if (!program) return new CellWriter(source, parseCell(source, parse)).write();
  const cell = new CellWriter(object!, program).write();
  return {
    ...cell,
    columnOf: (line, column) => Math.max(1, cell.columnOf(line, column) - (line === 1 ? 1 : 0)),
  };
}

/** Returns a cell that may be an object, as an expression: a brace at its start would begin a block. */
export function asObject(source: string): string | undefined {
  const inner = /^(\s*\{[^]*\})\s*;?\s*$/.exec(source)?.[1];
  return inner === undefined ? undefined : `(${inner})`;
}

function parseObject(source: string, parse: Parse): SyntaxNode | undefined {
  try {
    const program = parseCell(source, parse);
    const [statement, ...others] = program["body"] as SyntaxNode[];
    const { type } = statement?.["expression"] as SyntaxNode ?? {};
    return others.length === 0 && type === "ObjectExpression" ? program : undefined;
  } catch {
    return undefined;
  }
}

/** The nodes below which a `var` or an `await` is not the cell's own. */
const SCOPES = new Set([...FUNCTIONS, "StaticBlock", "PropertyDefinition"]);
/** The functions that ask the user, and are waited for at the top of a cell. */
const QUESTIONS = new Set(["alert", "confirm", "prompt"]);

class CellWriter {
  readonly #source: string;
  readonly #body: SyntaxNode[];
  readonly #edits: Edits;
  readonly #names = new Set<string>();
  readonly #functions: string[] = [];
  readonly #waits: boolean;

  constructor(source: string, program: SyntaxNode) {
    this.#source = source;
    this.#body = program["body"] as SyntaxNode[];
    this.#edits = new Edits(source);
    this.#waits = waitsAtTop(program);
  }

  write(): CellCode {
    if (this.#source.startsWith("#!")) this.#edits.insert(0, "//");
    const last = this.#body.at(-1);
    for (const statement of this.#body) {
      if (statement === last && this.#waits) this.#returned(statement);
      else this.#top(statement);
    }
    const names = [...this.#names];
    const head = this.#waits ? this.#open(names) : "";
    return {
      code: head + this.#edits.apply() + (this.#waits ? "\n})()" : ""),
      waits: this.#waits,
      names,
      columnOf: (line, column) =>
        this.#edits.columnOf(line, line === 1 ? Math.max(1, column - head.length) : column),
    };
  }

  /** Begins the function that waits; what it declares is the cell's. */
  #open(names: readonly string[]): string {
    const functions = this.#functions.map((name) => `globalThis[${JSON.stringify(name)}]=${name};`);
    const declared = names.length === 0 ? "" : `var ${names.join(",")};`;
    return `${declared}(async()=>{${functions.join("")}`;
  }

  /** Writes the last statement, whose value is the cell's when it is an expression. */
  #returned(statement: SyntaxNode): void {
    if (statement.type !== "ExpressionStatement") return this.#top(statement);
    const { start, end } = statement;
    this.#edits.insert(start, "return{value:(");
    this.#top(statement);
    this.#edits.insert(this.#source[end - 1] === ";" ? end - 1 : end, ")}");
  }

  /** Writes a statement at the top of the cell. */
  #top(node: SyntaxNode): void {
    switch (node.type) {
      case "ImportDeclaration":
        return this.#import(node);
      case "ExportAllDeclaration":
        return this.#edits.replace(node.start, node.end, ";");
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        return this.#export(node);
      case "VariableDeclaration":
        this.#declare(node, true);
        return this.#below(node, 0);
      case "ClassDeclaration": {
        const { name } = node["id"] as SyntaxNode & { name: string };
        this.#names.add(name);
        this.#edits.insert(node.start, this.#waits ? `${name}=` : `var ${name}=`);
        this.#below(node, 0);
        return this.#edits.insert(node.end, ";");
      }
      case "FunctionDeclaration": {
        const { name } = node["id"] as SyntaxNode & { name: string };
        this.#names.add(name);
        this.#functions.push(name);
        return this.#visit(node, 0);
      }
      default:
        return this.#visit(node, 0);
    }
  }

  #export(node: SyntaxNode): void {
    const declaration = node["declaration"] as SyntaxNode | null;
    if (!declaration) return this.#edits.replace(node.start, node.end, ";");
    this.#edits.replace(node.start, declaration.start, "");
    if (declaration["id"] === null) this.#edits.insert(declaration.start, "0,");
    if (declaration["id"] !== null || !/Declaration$/.test(declaration.type)) {
      this.#top(declaration);
    } else this.#visit(declaration, 0);
  }

  #import(node: SyntaxNode): void {
    const specifier = JSON.stringify((node["source"] as SyntaxNode)["value"]);
    const bindings = (node["specifiers"] as SyntaxNode[]).map((it) => {
      const local = (it["local"] as SyntaxNode & { name: string }).name;
      this.#names.add(local);
      const imported = it["imported"] as
        | (SyntaxNode & { name?: string; value?: string })
        | undefined;
      return {
        local,
        all: it.type === "ImportNamespaceSpecifier",
        name: imported ? imported.name ?? imported.value! : "default",
      };
    });
    const named = bindings.filter((it) => !it.all);
    const wanted = JSON.stringify(named.map(({ name }) => name));
    const value = `await ${HOOKS.wait}(${HOOKS.import}(${specifier},${wanted}))`;
    const whole = bindings.find((it) => it.all);
    const parts = named.map(({ name, local }) => `${JSON.stringify(name)}:${local}`);
    this.#edits.replace(
      node.start,
      node.end,
      [
        whole ? `${whole.local}=${value};` : "",
        named.length > 0 ? `({${parts.join(",")}}=${whole?.local ?? value});` : "",
        bindings.length === 0 ? `${value};` : "",
      ].join(""),
    );
  }

  /** Writes a declaration so that its variables are there for other cells. */
  #declare(node: SyntaxNode, asStatement: boolean): void {
    const kind = node["kind"] as string;
    // The language itself disposes of `using`.
    if (!/^(var|let|const)$/.test(kind)) return;
    const declarations = node["declarations"] as SyntaxNode[];
    for (const { id } of declarations) {
      for (const name of boundNames(id as SyntaxNode)) this.#names.add(name);
    }
    for (const it of declarations) {
      if (it["init"] || !asStatement || kind === "var" && !this.#waits) continue;
      this.#edits.insert(
        it.end,
        kind === "var" ? `=${this.#source.slice(it.start, it.end)}` : "=undefined",
      );
    }
    const keyword = [node.start, node.start + kind.length] as const;
    if (!this.#waits) return this.#edits.replace(...keyword, "var");
    this.#edits.replace(...keyword, asStatement ? "void(" : "");
    if (asStatement) this.#edits.insert(declarations.at(-1)!.end, ")");
  }

  #visit(node: SyntaxNode, depth: number): void {
    openGuard(this.#edits, node);
    switch (node.type) {
      case "VariableDeclaration":
        if (depth === 0 && node["kind"] === "var" && this.#waits) this.#declare(node, true);
        break;
      case "AwaitExpression":
        if (depth === 0) {
          const { start, end } = node["argument"] as SyntaxNode;
          this.#edits.insert(start, `${HOOKS.wait}((`);
          this.#below(node, depth);
          return this.#edits.insert(end, "))");
        }
        break;
      case "ImportExpression":
        this.#edits.replace(node.start, node.start + "import".length, HOOKS.import);
        break;
      case "MetaProperty":
        if ((node["meta"] as SyntaxNode)["name"] === "import") {
          this.#edits.replace(node.start, node.end, `({url:"file:///cell"})`);
        }
        break;
      case "CallExpression":
        if (depth === 0 && this.#waits && isQuestion(node)) {
          this.#edits.insert(node.start, `(await ${HOOKS.wait}(`);
          this.#below(node, depth);
          return this.#edits.insert(node.end, "))");
        }
    }
    this.#below(node, SCOPES.has(node.type) ? depth + 1 : depth);
    closeGuard(this.#edits, node);
  }

  #below(node: SyntaxNode, depth: number): void {
    for (const child of childrenOf(node)) {
      const isHead = LOOPS.has(node.type) && (child === node["init"] || child === node["left"]);
      if (isHead && child.type === "VariableDeclaration") {
        if (depth === 0 && child["kind"] === "var" && this.#waits) this.#declare(child, false);
        this.#below(child, depth);
      } else this.#visit(child, depth);
    }
  }
}

/** Returns true when the cell waits at its top, not inside of a function. */
function waitsAtTop(node: SyntaxNode): boolean {
  if (
    node.type === "AwaitExpression" || node.type === "ImportDeclaration" ||
    node.type === "ForOfStatement" && node["await"] === true || isQuestion(node)
  ) {
    return true;
  }
  return childrenOf(node).some((child) => !SCOPES.has(child.type) && waitsAtTop(child));
}

function isQuestion(node: SyntaxNode): boolean {
  const callee = node["callee"] as SyntaxNode | undefined;
  return node.type === "CallExpression" && callee?.type === "Identifier" &&
    QUESTIONS.has(callee["name"] as string);
}
