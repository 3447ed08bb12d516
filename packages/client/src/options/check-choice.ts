import { KafkaError } from "../errors/kafka-error.ts";
import { nearestOf } from "./check-keys.ts";

/**
 * Refuses a value that is none of an option's choices, naming the nearest one.
 * @param name the option's, with those it is in: "tls.versionMin"
 * @throws KafkaError INVALID_OPTION
 */
export function checkChoice(name: string, value: unknown, choices: readonly unknown[]): void {
  if (choices.includes(value)) return;
  const texts = choices.map((choice) =>
    typeof choice === "string" ? `"${choice}"` : String(choice),
  );
  const near = typeof value === "string" ? nearestOf(`"${value}"`, texts) : undefined;
  const hint = near === undefined ? `It is one of ${texts.join(", ")}.` : `Did you mean ${near}?`;
  throw new KafkaError("INVALID_OPTION", `${name} is ${JSON.stringify(value)}`, { hint });
}
