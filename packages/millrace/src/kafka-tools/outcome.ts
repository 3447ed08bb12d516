import type { KafkaError } from "@millrace/client";
import { ToolFailure } from "./tool-errors.ts";

/** Gives one item's value. @throws its error */
export function outcomeOf<K, V>(outcomes: ReadonlyMap<K, V | KafkaError>, key: K): V {
  const found = outcomes.get(key);
  if (found === undefined) throw new ToolFailure(`nothing was said of ${String(key)}`);
  if (found instanceof Error) throw found;
  return found;
}

/** Throws the first error of many items. */
export function refuseErrors(outcomes: ReadonlyMap<unknown, unknown>): void {
  for (const outcome of outcomes.values()) if (outcome instanceof Error) throw outcome;
}
