/** From here on, and below the other, Java writes numbers with an exponent. */
const largestPlain = 1e7;
const smallestPlain = 1e-3;

/** Writes a double as Java's Double.toString. */
export function javaDouble(value: number): string {
  return javaNumber(value, String(value));
}

/** Writes a float as Java's Float.toString: with as many digits as tell it from its neighbours. */
export function javaFloat(value: number): string {
  const digitsMax = 9;
  for (let digits = 1; digits <= digitsMax; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return javaNumber(value, String(Number(text)));
  }
  return javaNumber(value, String(value));
}

function javaNumber(value: number, shortest: string): string {
  if (!Number.isFinite(value)) return shortest;
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const magnitude = Math.abs(value);
  const isPlain = magnitude >= smallestPlain && magnitude < largestPlain;
  if (isPlain) return shortest.includes(".") ? shortest : `${shortest}.0`;
  const [mantissa = "", exponent = ""] = Number(shortest).toExponential().split("e");
  const decimal = mantissa.includes(".") ? mantissa : `${mantissa}.0`;
  return `${decimal}E${Number(exponent)}`;
}
