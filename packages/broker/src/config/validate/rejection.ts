import { type ConfigKey } from "../config-key.ts";
import { refusalOf } from "../check-known.ts";
import { parseConfigValue } from "../config-value.ts";
import { suggestName } from "../suggestion.ts";

/** Why configurations cannot be as somebody wants them, as Kafka would answer. */
export interface Rejection {
  readonly error: "INVALID_CONFIG" | "INVALID_REQUEST";
  /** A whole sentence. */
  readonly errorMessage: string;
}

/** Rejects with INVALID_CONFIG. */
export function invalidConfig(errorMessage: string): Rejection {
  return { error: "INVALID_CONFIG", errorMessage };
}

/** Rejects with INVALID_REQUEST. */
export function invalidRequest(errorMessage: string): Rejection {
  return { error: "INVALID_REQUEST", errorMessage };
}

/** Checks one value by itself: its type, its range, and whether it promises what is not built. */
export function problemWithValue(
  name: string,
  configKey: ConfigKey,
  text: string,
): string | undefined {
  const outcome = parseConfigValue(configKey, text);
  if (!outcome.ok) return `${name}=${text} is not valid: expected ${outcome.expected}`;
  const refusal = refusalOf(configKey, text);
  return refusal === undefined ? undefined : `${name}=${text} is refused: ${refusal}`;
}

/** Says that nobody knows a name, and which one was probably meant. */
export function unknownName(name: string, kind: string, known: Iterable<string>): string {
  const meant = suggestName(name, known);
  const advice =
    meant === undefined ? "docs/configuration.md lists them all" : `did you mean ${meant}?`;
  return `${name} is not a configuration of ${kind}; ${advice}`;
}
