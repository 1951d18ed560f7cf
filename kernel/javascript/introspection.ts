/** Completion and inspection, which run no code of the user's: no getter, no proxy, no method is called. */
import { types } from "node:util";
import type { Completion, Inspection, Variable } from "../calls/replies.ts";

const { isProxy } = types;
const { getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;

const KEYWORDS = (
  "async await break case catch class const continue debugger default delete do else export extends false " +
  "finally for function if import in instanceof let new null of return static super switch this throw true " +
  "try typeof undefined var void while yield"
).split(" ");

/** The text before a cursor that names something: parts with dots, the last of which may be unfinished. */
const NAME_BEFORE =
  /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\??\.\s*)*)([\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;
const NAME_AFTER = /^[\p{ID_Continue}$]*/u;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const MOST_MATCHES = 500;
const HIDDEN = /^__\w+__$/;

/** Completes `code` at a position in code points. */
export function complete(code: string, cursorPos: number): Completion {
  const before = [...code].slice(0, cursorPos).join("");
  const [, path = "", prefix = ""] = NAME_BEFORE.exec(before) ?? [];
  const cursorStart = cursorPos - [...prefix].length;
  const names = path === "" ? [...namesOf(globalThis), ...KEYWORDS] : membersOf(path);
  const matches = [...new Set(names)].filter((name) =>
    name.startsWith(prefix) && IDENTIFIER.test(name) && !HIDDEN.test(name)
  );
  const rank = (name: string) => name.startsWith("_") ? 1 : 0;
  matches.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return {
    matches: matches.slice(0, MOST_MATCHES),
    cursorStart,
    cursorEnd: cursorPos,
    metadata: {},
  };
}

/** Describes the value that is named at a position in code points. */
export function inspectAt(code: string, cursorPos: number, detail: 0 | 1): Inspection {
  const points = [...code];
  const [, path = "", start = ""] = NAME_BEFORE.exec(points.slice(0, cursorPos).join("")) ?? [];
  const [rest = ""] = NAME_AFTER.exec(points.slice(cursorPos).join("")) ?? [];
  const name = start + rest;
  const found = name === "" ? undefined : resolve([...partsOf(path), name]);
  if (!found) return { found: false, data: {}, metadata: {} };
  const text = `${path}${name}: ${describe(found.value, detail)}`;
  return { found: true, data: { "text/plain": text }, metadata: {} };
}

/** Describes the variables that cells have declared. */
export function describeVariables(names: Iterable<string>): Variable[] {
  return [...names].toSorted().flatMap((name) => {
    const found = resolve([name]);
    if (!found) return [];
    const { value } = found;
    return [{
      name,
      type: typeOf(value),
      summary: describe(value, 0).slice(0, 200),
      bytes: bytesOf(value),
      length: lengthOf(value),
      shape: null,
    }];
  });
}

function membersOf(path: string): string[] {
  const found = resolve(partsOf(path));
  return found === undefined || found.value === null || found.value === undefined
    ? []
    : namesOf(Object(found.value));
}

function partsOf(path: string): string[] {
  return path.split(".").map((part) => part.replace(/[\s?]/g, "")).filter((part) => part !== "");
}

function namesOf(object: object): string[] {
  const names: string[] = [];
  for (let at: object | null = object; at !== null; at = getPrototypeOf(at)) {
    if (isProxy(at)) break;
    names.push(...getOwnPropertyNames(at));
  }
  return names;
}

/** Finds a value by its path, as long as it takes no getter to reach it. */
function resolve(path: readonly string[]): { value: unknown } | undefined {
  let value: unknown = globalThis;
  for (const part of path) {
    if (value === null || value === undefined) return undefined;
    const descriptor = descriptorOf(Object(value), part);
    if (!descriptor || !("value" in descriptor)) return undefined;
    value = descriptor.value;
  }
  return { value };
}

function descriptorOf(object: object, name: string): PropertyDescriptor | undefined {
  for (let at: object | null = object; at !== null; at = getPrototypeOf(at)) {
    if (isProxy(at)) return undefined;
    const descriptor = getOwnPropertyDescriptor(at, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}

function describe(value: unknown, detail: 0 | 1): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 1_000));
  if (typeof value === "function") {
    const source = isProxy(value) ? "function" : Function.prototype.toString.call(value);
    return detail === 1 ? source : source.split("{")[0]!.split("=>")[0]!.trim().slice(0, 200);
  }
  if (typeof value !== "object" || value === null) return String(value);
  if (isProxy(value)) return "Proxy";
  const length = lengthOf(value);
  if (length !== null) return `${typeOf(value)}(${length})`;
  const names = getOwnPropertyNames(value).slice(0, 20);
  return `${typeOf(value)} { ${names.join(", ")} }`;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if (isProxy(value)) return "Proxy";
  const constructor = descriptorOf(value, "constructor")?.value;
  const name = typeof constructor === "function" && !isProxy(constructor)
    ? getOwnPropertyDescriptor(constructor, "name")?.value
    : undefined;
  return typeof name === "string" && name !== "" ? name : "Object";
}

function lengthOf(value: unknown): number | null {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || isProxy(value)) return null;
  if (Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value)) return "length" in value ? Number(value.length) : value.byteLength;
  if (types.isMap(value)) return mapSize.call(value);
  if (types.isSet(value)) return setSize.call(value);
  return null;
}

const mapSize = getOwnPropertyDescriptor(Map.prototype, "size")!.get as (this: unknown) => number;
const setSize = getOwnPropertyDescriptor(Set.prototype, "size")!.get as (this: unknown) => number;

function bytesOf(value: unknown): number | null {
  if (typeof value === "string") return 2 * value.length;
  if (typeof value === "number") return 8;
  return ArrayBuffer.isView(value) ? value.byteLength : null;
}
