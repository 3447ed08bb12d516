/** The values that stand in a list more than once. */
export function duplicates<Value>(values: readonly Value[]): ReadonlySet<Value> {
  const seen = new Set<Value>();
  const repeated = new Set<Value>();
  for (const value of values) {
    if (seen.has(value)) repeated.add(value);
    seen.add(value);
  }
  return repeated;
}
