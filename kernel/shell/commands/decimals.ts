/** Decimal numbers of any size. */
import { CommandFailure } from "./words.ts";

/** A number: `value` divided by ten to the power of `scale`. */
export interface Decimal {
  value: bigint;
  scale: number;
}

/** Makes a number without digits behind the point. */
export function integer(value: bigint): Decimal {
  return { value, scale: 0 };
}

/** Returns the number with the other sign. */
export function negative({ value, scale }: Decimal): Decimal {
  return { value: -value, scale };
}

/** Changes the number of digits behind the point; those that are too many are cut off. */
export function withScale({ value, scale }: Decimal, wanted: number): Decimal {
  const difference = wanted - scale;
  if (difference >= 0) return { value: value * 10n ** BigInt(difference), scale: wanted };
  return { value: value / 10n ** BigInt(-difference), scale: wanted };
}

/** Returns the sum, with the digits of both. */
export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { value: withScale(left, scale).value + withScale(right, scale).value, scale };
}

/** Returns the quotient with that many digits behind the point. */
export function divide(left: Decimal, right: Decimal, scale: number): Decimal {
  if (right.value === 0n) throw new CommandFailure("Divide by zero");
  return { value: withScale(left, scale + right.scale).value / right.value, scale };
}

/** Returns a number below, at or above zero as one is below, at or above the other. */
export function compare(left: Decimal, right: Decimal): number {
  const { value } = add(left, negative(right));
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}

/** Returns the square root with that many digits behind the point. */
export function root(number: Decimal, scale: number): Decimal {
  const { value } = withScale(number, 2 * scale);
  if (value < 2n) return { value, scale };
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) / 2n;
    if (next >= guess) return { value: guess, scale };
    guess = next;
  }
}
