import { unreachable } from "@millrace/platform";
import type { ConfigKey, ConfigType } from "./config-key.ts";
import { isList, type ParsedValue } from "./validator.ts";

/** A value in its type, or why it is none. */
export type ParseOutcome =
  | { readonly ok: true; readonly value: ParsedValue }
  /** `expected` completes the sentence "… is not valid: expected …". */
  | { readonly ok: false; readonly expected: string };

/**
 * Parses a configuration's text as Kafka does: white space around it does not count, a list is
 * split at commas, booleans are true and false in any case.
 */
export function parseConfigValue(configKey: ConfigKey, text: string): ParseOutcome {
  const outcome = parseAsType(configKey.type, text.trim());
  const { validator } = configKey;
  if (!outcome.ok || validator === undefined || validator.accepts(outcome.value)) return outcome;
  return { ok: false, expected: validator.expected };
}

/** A value as Kafka writes it: lists with commas, a double as Java prints it. */
export function formatConfigValue(configKey: ConfigKey, value: ParsedValue): string {
  if (isList(value)) return value.join(",");
  if (configKey.type === "double" && typeof value === "number") return formatJavaDouble(value);
  return String(value);
}

function parseAsType(type: ConfigType, text: string): ParseOutcome {
  switch (type) {
    case "boolean":
      return parseBoolean(text);
    case "short":
      return parseInteger(text, 16n);
    case "int":
      return parseInteger(text, 32n);
    case "long":
      return parseInteger(text, 64n);
    case "double":
      return parseDouble(text);
    case "list":
      // Kafka drops what a list repeats.
      return { ok: true, value: text === "" ? [] : [...new Set(text.split(/\s*,\s*/))] };
    case "string":
    case "class":
    case "password":
      return { ok: true, value: text };
    default:
      return unreachable(type);
  }
}

function parseBoolean(text: string): ParseOutcome {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return { ok: true, value: lower === "true" };
  return { ok: false, expected: "true or false" };
}

function parseInteger(text: string, bits: bigint): ParseOutcome {
  const limit = 1n << (bits - 1n);
  if (/^[+-]?\d{1,20}$/.test(text)) {
    const value = BigInt(text.replace(/^\+/, ""));
    if (value >= -limit && value < limit) {
      return { ok: true, value: bits === 64n ? value : Number(value) };
    }
  }
  return { ok: false, expected: `a whole number from ${-limit} to ${limit - 1n}` };
}

function parseDouble(text: string): ParseOutcome {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(text)) {
    const value = Number.parseFloat(text);
    if (Number.isFinite(value)) return { ok: true, value };
  }
  return { ok: false, expected: "a number, such as 0.5" };
}

/** Java prints 0.001 up to ten million plainly and everything else with an exponent. */
function formatJavaDouble(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const plain = String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}
