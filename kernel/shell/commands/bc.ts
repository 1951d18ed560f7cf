/** The calculator `bc`: decimal numbers of any size, with the digits behind the point that `scale` names. */
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { FUNCTIONS } from "./decimal_functions.ts";
import {
  add,
  compare,
  type Decimal,
  divide,
  integer,
  negative,
  root,
  withScale,
} from "./decimals.ts";
import { CommandFailure, printed, readText } from "./words.ts";

/** The most digits behind the point, and of a power. */
const MAX_SCALE = 10_000;
const MAX_DIGITS = 1_000_000;
/** The characters of a line of a long number. */
const LINE = 68;
const MATH_SCALE = 20;
/** Digits that functions compute beyond those that are shown. */
const GUARD = 8;
const DIGITS = "0123456789ABCDEF";

/** Executes the lines of its files and of its standard input. */
export async function bc(args: string[], context: CommandContext): Promise<CommandResult> {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const text = await readText([...names, "-"], context);
  const machine = new Machine(args.some((arg) => /^-\w*l/.test(arg) || arg === "--mathlib"));
  const stderr = machine.run(text);
  return { ...printed(machine.output), stderr, exitCode: 0 };
}

class QuitError extends Error {
  override readonly name = "QuitError";
}

/** The variables and the output of one run. */
class Machine {
  output = "";
  readonly #variables = new Map<string, Decimal>();
  readonly #hasMath: boolean;
  #scale: number;
  #outputBase = 10;
  #inputBase = 10;
  #last: Decimal = integer(0n);
  #tokens: string[] = [];

  constructor(hasMath: boolean) {
    this.#hasMath = hasMath;
    this.#scale = hasMath ? MATH_SCALE : 0;
  }

  /** Executes statements; returns the messages about those that failed. */
  run(text: string): string {
    let messages = "";
    const plain = text.replace(/\\\n/g, "").replace(/\/\*[\s\S]*?\*\//g, " ").replace(/#.*/g, "");
    for (const line of plain.split("\n")) {
      try {
        this.#line(line);
      } catch (error) {
        if (error instanceof QuitError) break;
        if (!(error instanceof CommandFailure)) throw error;
        messages += `(standard_in) 1: ${error.message}\n`;
      }
    }
    return messages;
  }

  #line(line: string): void {
    this.#tokens = line.match(
      /"[^"]*"|[0-9A-F]*\.[0-9A-F]+|[0-9A-F]+\.?|[a-z_][a-z0-9_]*|[-+*/%^<>=!]=|\+\+|--|&&|\|\||\S/g,
    ) ?? [];
    while (this.#tokens.length > 0) {
      if (this.#take(";")) continue;
      this.#statement();
      if (this.#tokens.length > 0 && !this.#take(";")) throw new CommandFailure("syntax error");
    }
  }

  #statement(): void {
    const [first = "", second = ""] = this.#tokens;
    if (first.startsWith('"')) {
      this.#tokens.shift();
      this.output += first.slice(1, -1);
      return;
    }
    if (first === "quit" || first === "halt") throw new QuitError();
    if (["define", "for", "if", "while", "auto", "return"].includes(first)) {
      throw new CommandFailure(`${first} is not part of this bc`);
    }
    if (first === "print") {
      this.#tokens.shift();
      do {
        const [text = ""] = this.#tokens;
        if (text.startsWith('"')) {
          this.#tokens.shift();
          this.output += text.slice(1, -1).replaceAll("\\n", "\n").replaceAll("\\t", "\t");
        } else this.output += this.#shown(this.#comparison());
      } while (this.#take(","));
      return;
    }
    const assigns = /^[a-z_]/.test(first) && /^[-+*/%^]?=$/.test(second);
    const value = this.#comparison();
    if (assigns) return;
    this.#last = value;
    this.output += `${wrapped(this.#shown(value))}\n`;
  }

  #comparison(): Decimal {
    let left = this.#sum();
    for (let operator; (operator = this.#takeOne("==", "!=", "<=", ">=", "<", ">"));) {
      const order = compare(left, this.#sum());
      const holds = { "==": order === 0, "!=": order !== 0, "<=": order <= 0, ">=": order >= 0 };
      const strict = operator === "<" ? order < 0 : order > 0;
      left = integer(holds[operator as keyof typeof holds] ?? strict ? 1n : 0n);
    }
    return left;
  }

  #sum(): Decimal {
    let left = this.#product();
    for (let operator; (operator = this.#takeOne("+", "-"));) {
      const right = this.#product();
      left = add(left, operator === "+" ? right : negative(right));
    }
    return left;
  }

  #product(): Decimal {
    let left = this.#power();
    for (let operator; (operator = this.#takeOne("*", "/", "%"));) {
      left = this.#combine(left, operator, this.#power());
    }
    return left;
  }

  #combine(left: Decimal, operator: string, right: Decimal): Decimal {
    switch (operator) {
      case "+":
        return add(left, right);
      case "-":
        return add(left, negative(right));
      case "*": {
        const scale = Math.min(
          left.scale + right.scale,
          Math.max(this.#scale, left.scale, right.scale),
        );
        return withScale(
          { value: left.value * right.value, scale: left.scale + right.scale },
          scale,
        );
      }
      case "/":
        return divide(left, right, this.#scale);
      case "%": {
        const scale = Math.max(left.scale, right.scale + this.#scale);
        const quotient = divide(left, right, this.#scale);
        const product = {
          value: quotient.value * right.value,
          scale: quotient.scale + right.scale,
        };
        return withScale(add(left, negative(product)), scale);
      }
      default:
        return this.#raise(left, right);
    }
  }

  #power(): Decimal {
    if (this.#take("-")) return negative(this.#power());
    const base = this.#primary();
    return this.#take("^") ? this.#raise(base, this.#power()) : base;
  }

  #raise(base: Decimal, exponent: Decimal): Decimal {
    const count = withScale(exponent, 0).value;
    const size = Number(count < 0n ? -count : count);
    if (size * String(base.value).length > MAX_DIGITS) {
      throw new CommandFailure("exponent too large in raise");
    }
    const whole = { value: base.value ** BigInt(size), scale: base.scale * size };
    if (count < 0n) return divide(integer(1n), whole, this.#scale);
    return withScale(whole, Math.min(base.scale * size, Math.max(this.#scale, base.scale)));
  }

  #primary(): Decimal {
    const token = this.#tokens.shift();
    if (token === undefined) throw new CommandFailure("syntax error");
    if (token === "(") {
      const value = this.#comparison();
      this.#expect(")");
      return value;
    }
    if (/^[0-9A-F.]/.test(token)) return this.#number(token);
    if (!/^[a-z_]/.test(token)) throw new CommandFailure("syntax error");
    if (this.#take("(")) {
      const value = this.#comparison();
      this.#expect(")");
      return this.#call(token, value);
    }
    const operator = this.#tokens[0];
    if (operator !== undefined && /^[-+*/%^]?=$/.test(operator)) {
      this.#tokens.shift();
      const right = this.#comparison();
      const value = operator === "="
        ? right
        : this.#combine(this.#variable(token), operator[0]!, right);
      this.#assign(token, value);
      return value;
    }
    const step = this.#takeOne("++", "--");
    const value = this.#variable(token);
    if (step) this.#assign(token, add(value, integer(step === "++" ? 1n : -1n)));
    return value;
  }

  #number(token: string): Decimal {
    const [whole = "", fraction = ""] = token.split(".");
    if (this.#inputBase === 10) {
      return { value: BigInt(whole + fraction || "0"), scale: fraction.length };
    }
    const digits = [...whole].map((digit) => BigInt(DIGITS.indexOf(digit)));
    return integer(digits.reduce((sum, digit) => sum * BigInt(this.#inputBase) + digit, 0n));
  }

  #variable(name: string): Decimal {
    switch (name) {
      case "scale":
        return integer(BigInt(this.#scale));
      case "obase":
        return integer(BigInt(this.#outputBase));
      case "ibase":
        return integer(BigInt(this.#inputBase));
      case "last":
        return this.#last;
      default:
        return this.#variables.get(name) ?? integer(0n);
    }
  }

  #assign(name: string, value: Decimal): void {
    const number = Number(withScale(value, 0).value);
    const within = (low: number, high: number) => Math.min(Math.max(number, low), high);
    if (name === "scale") this.#scale = within(0, MAX_SCALE);
    else if (name === "obase") this.#outputBase = within(2, 16);
    else if (name === "ibase") this.#inputBase = within(2, 16);
    else this.#variables.set(name, value);
  }

  #call(name: string, value: Decimal): Decimal {
    const scale = this.#scale;
    switch (name) {
      case "sqrt":
        if (value.value < 0n) throw new CommandFailure("Square root of a negative number");
        return root(value, Math.max(scale, value.scale));
      case "length":
        return integer(BigInt(String(value.value < 0n ? -value.value : value.value).length));
      case "scale":
        return integer(BigInt(value.scale));
    }
    const compute = this.#hasMath && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!compute) throw new CommandFailure(`Function ${name} not defined.`);
    const one = 10n ** BigInt(scale + GUARD);
    const result = compute(withScale(value, scale + GUARD).value, one);
    return withScale({ value: result, scale: scale + GUARD }, scale);
  }

  #shown({ value, scale }: Decimal): string {
    const sign = value < 0n ? "-" : "";
    const size = value < 0n ? -value : value;
    const unit = 10n ** BigInt(scale);
    if (this.#outputBase !== 10) {
      return sign + (size / unit).toString(this.#outputBase).toUpperCase();
    }
    if (value === 0n) return "0";
    const whole = size / unit;
    const fraction = scale === 0 ? "" : `.${String(size % unit).padStart(scale, "0")}`;
    return `${sign}${whole === 0n && scale > 0 ? "" : whole}${fraction}`;
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  #takeOne(...tokens: string[]): string | undefined {
    return tokens.includes(this.#tokens[0] ?? "") ? this.#tokens.shift() : undefined;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new CommandFailure("syntax error");
  }
}

function wrapped(text: string): string {
  const lines = text.match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return text.length <= LINE + 1 ? text : lines.join("\\\n");
}
