/** The functions of the calculator, on numbers that are multiplied by `one`. */
import { CommandFailure } from "./words.ts";

/** The functions by their names. */
export const FUNCTIONS: Readonly<Record<string, (x: bigint, one: bigint) => bigint>> = {
  e: exponential,
  l: logarithm,
  s: (x, one) => series(x, one, x, 2n),
  c: (x, one) => series(x, one, one, 1n),
  a: arctangent,
};

/** Adds the series of sine and cosine, whose terms change their signs. */
function series(x: bigint, one: bigint, first: bigint, divisor: bigint): bigint {
  if (x > 1_000n * one || x < -1_000n * one) throw new CommandFailure("the angle is too large");
  let [term, sum] = [first, 0n];
  for (let n = divisor; term !== 0n; n += 2n) {
    sum += term;
    term = -term * x / one * x / one / (n * (n + 1n));
  }
  return sum;
}

function exponential(x: bigint, one: bigint): bigint {
  if (x > 10_000n * one) throw new CommandFailure("the exponent is too large");
  if (x < 0n) return one * one / exponential(-x, one);
  // The series is short for a small number.
  const half = 2n ** 10n;
  let [term, sum] = [one * half, 0n];
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = term * x / half / one / n;
  }
  for (let count = 0; count < 10; count++) sum = sum * sum / (one * half);
  return sum / half;
}

function logarithm(x: bigint, one: bigint): bigint {
  if (x <= 0n) throw new CommandFailure("the logarithm of a number that is not positive");
  let [low, doublings] = [x, 0n];
  while (low > 2n * one) {
    low /= 2n;
    doublings++;
  }
  while (low < one / 2n) {
    low *= 2n;
    doublings--;
  }
  const small = (y: bigint) => {
    const ratio = (y - one) * one / (y + one);
    let [power, sum] = [ratio, 0n];
    for (let n = 1n; power !== 0n; n += 2n) {
      sum += power / n;
      power = power * ratio / one * ratio / one;
    }
    return 2n * sum;
  };
  return small(low) + doublings * small(2n * one);
}

function arctangent(x: bigint, one: bigint): bigint {
  if (x < 0n) return -arctangent(-x, one);
  if (x > one / 5n) {
    // The angle of x is the angle of 1/5, and that of the rest.
    const step = one / 5n;
    return arctangent(step, one) + arctangent((x - step) * one / (one + x * step / one), one);
  }
  let [power, sum, sign] = [x, 0n, 1n];
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += sign * power / n;
    power = power * x / one * x / one;
    sign = -sign;
  }
  return sum;
}
