import type { Outcomes } from "@millrace/client";
import type { Cli } from "../tree/cli.ts";

/**
 * The values of what was asked. What was refused is told by its name, and the process ends with the
 * refusal's exit code; the others go on.
 */
export function settled<K, V>(
  cli: Cli,
  outcomes: Outcomes<K, V>,
  nameOf: (key: K) => string = String,
): readonly (readonly [key: K, value: V])[] {
  const values: (readonly [K, V])[] = [];
  for (const [key, value] of outcomes) {
    if (value instanceof Error) cli.failed(nameOf(key), value);
    else values.push([key, value]);
  }
  return values;
}

/** The value of the only thing that was asked. @throws KafkaError as it was refused */
export function onlyValue<K, V>(outcomes: Outcomes<K, V>): V | undefined {
  for (const value of outcomes.values()) {
    if (value instanceof Error) throw value;
    return value;
  }
  return undefined;
}
