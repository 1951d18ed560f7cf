import * as pep440 from "npm:@renovatebot/pep440@5.0.1";
import { canonicalName } from "./project_name.ts";
import type { WheelPlatform } from "./wheel_name.ts";

/** The values of the variables of markers (PEP 508). */
type MarkerEnvironment = Readonly<Record<string, string>>;

/** Returns the variables of markers in a kernel, for a package without extras. */
export function markerEnvironment({ pythonMinor }: WheelPlatform): MarkerEnvironment {
  const python = `3.${pythonMinor}`;
  return {
    python_version: python,
    python_full_version: `${python}.0`,
    implementation_name: "cpython",
    implementation_version: `${python}.0`,
    os_name: "posix",
    platform_machine: "wasm32",
    platform_python_implementation: "CPython",
    platform_release: "",
    platform_system: "Emscripten",
    platform_version: "",
    sys_platform: "emscripten",
    extra: "",
  };
}

/** A package that a wheel requires in a kernel. */
export interface RequiredName {
  /** The canonical name. */
  name: string;
  /** True if other platforms or versions of Python do without it. */
  conditional: boolean;
}

/** Returns the packages that a wheel's METADATA requires; versions are not considered. */
export function requiredNames(metadata: string, environment: MarkerEnvironment): RequiredName[] {
  const header = metadata.split(/\r?\n\r?\n/)[0]!;
  const found = new Map<string, RequiredName>();
  for (const [, text, rest] of header.matchAll(REQUIREMENT)) {
    const marker = rest!.split(";").slice(1).join(";");
    if (!applies(marker, environment)) continue;
    const name = canonicalName(text!);
    const conditional = marker.trim() !== "" && (found.get(name)?.conditional ?? true);
    found.set(name, { name, conditional });
  }
  return [...found.values()];
}

/** Returns true if a marker holds; one that is malformed does not. */
export function applies(marker: string, environment: MarkerEnvironment): boolean {
  if (!marker.trim()) return true;
  try {
    return new MarkerParser(marker, environment).parse();
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const REQUIREMENT = /^Requires-Dist:\s*([A-Za-z0-9._-]+)([^\r\n]*)$/gm;
const TOKEN = /\s*(?:([()])|(not\s+in|in|and|or)\b|(===|[<>=!~]=|[<>])|(['"])(.*?)\4|([a-z_.]+))/gy;
const VERSIONS = new Set(["python_version", "python_full_version", "implementation_version"]);

interface Token {
  kind: "parenthesis" | "word" | "operator" | "text" | "variable";
  text: string;
}

/** Evaluates a marker while it parses it: `or` binds less than `and`, and that less than comparisons. */
class MarkerParser {
  readonly #tokens: Token[];
  readonly #environment: MarkerEnvironment;
  #at = 0;

  constructor(marker: string, environment: MarkerEnvironment) {
    this.#environment = environment;
    this.#tokens = readTokens(marker);
  }

  parse(): boolean {
    const value = this.#or();
    if (this.#at < this.#tokens.length) throw new SyntaxError("more than one marker");
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    // Both sides are parsed in any case.
    while (this.#take("or")) value = this.#and() || value;
    return value;
  }

  #and(): boolean {
    let value = this.#comparison();
    while (this.#take("and")) value = this.#comparison() && value;
    return value;
  }

  #comparison(): boolean {
    if (this.#take("(")) {
      const value = this.#or();
      if (!this.#take(")")) throw new SyntaxError("a parenthesis is not closed");
      return value;
    }
    const [left, operator, right] = [this.#next(), this.#next(), this.#next()];
    const isVersion = [left, right].some((it) => it.kind === "variable" && VERSIONS.has(it.text));
    return compare(this.#value(left), operator.text, this.#value(right), isVersion);
  }

  #value({ kind, text }: Token): string {
    if (kind === "text") return text;
    const value = kind === "variable" ? this.#environment[text] : undefined;
    if (value === undefined) throw new SyntaxError(`there is no variable "${text}"`);
    return value;
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.text !== text || token.kind === "text") return false;
    this.#at++;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new SyntaxError("the marker ends too soon");
    return token;
  }
}

function readTokens(marker: string): Token[] {
  const text = marker.trim();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError("the marker cannot be read");
    const [, parenthesis, word, operator, , quoted, variable] = match;
    if (parenthesis) tokens.push({ kind: "parenthesis", text: parenthesis });
    else if (word) tokens.push({ kind: "word", text: word.replace(/\s+/, " ") });
    else if (operator) tokens.push({ kind: "operator", text: operator });
    else if (variable) tokens.push({ kind: "variable", text: variable.replace(".", "_") });
    else tokens.push({ kind: "text", text: quoted! });
  }
  return tokens;
}

function compare(left: string, operator: string, right: string, isVersion: boolean): boolean {
  if (operator === "in") return right.includes(left);
  if (operator === "not in") return !right.includes(left);
  if (isVersion && pep440.valid(left)) {
    return pep440.satisfies(left, `${operator}${right}`, { prereleases: true });
  }
  if (operator === "==" || operator === "===") return left === right;
  if (operator === "!=") return left !== right;
  throw new SyntaxError(`texts cannot be compared by ${operator}`);
}
