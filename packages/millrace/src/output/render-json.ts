/**
 * A value as indented JSON. Offsets, sizes and producer ids are numbers as long as every reader of
 * JSON takes them exactly (up to 2^53), and text beyond.
 */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, plainValue, 2)}\n`;
}

/** For JSON.stringify: what JSON has no word for. */
export function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (value instanceof Error) return { error: value.name, message: value.message };
  return value;
}
