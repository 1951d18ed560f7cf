import type * as acorn from "npm:acorn@8.19.0";

/** Parses code into a syntax tree. */
export type Parse = typeof acorn.parse;

/** A node of a syntax tree. */
export interface SyntaxNode {
  type: string;
  /** The place in the source, in UTF-16 code units. */
  start: number;
  end: number;
  [member: string]: unknown;
}

/** An error of the parser. */
export interface ParseError extends Error {
  /** The place of what is wrong. */
  pos: number;
  /** The place to which the parser has read. */
  raisedAt: number;
}

/**
 * Parses a cell: a script that may also import, export and wait at its top.
 *
 * @throws {ParseError} when it is no such script.
 */
export function parseCell(code: string, parse: Parse): SyntaxNode {
  return parse(code, {
    ecmaVersion: "latest",
    sourceType: "script",
    allowAwaitOutsideFunction: true,
    allowImportExportEverywhere: true,
    allowHashBang: true,
  }) as unknown as SyntaxNode;
}

/**
 * Parses the code of a file: a module, or a script that may return.
 *
 * @throws {ParseError} when it is neither.
 */
export function parseFile(code: string, sourceType: "module" | "script", parse: Parse): SyntaxNode {
  return parse(code, {
    ecmaVersion: "latest",
    sourceType,
    allowReturnOutsideFunction: true,
    allowHashBang: true,
  }) as unknown as SyntaxNode;
}

/** Returns the nodes directly below a node. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
  );
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Returns the names that a pattern binds. */
export function boundNames(pattern: SyntaxNode | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern["name"] as string];
    case "ObjectPattern":
      return (pattern["properties"] as SyntaxNode[]).flatMap((it) =>
        boundNames((it["value"] ?? it["argument"]) as SyntaxNode)
      );
    case "ArrayPattern":
      return (pattern["elements"] as (SyntaxNode | null)[]).flatMap(boundNames);
    case "AssignmentPattern":
      return boundNames(pattern["left"] as SyntaxNode);
    case "RestElement":
      return boundNames(pattern["argument"] as SyntaxNode);
    default:
      return [];
  }
}
