import { readFileSync } from "node:fs";
import { apiSchemaList, messageSchemaList } from "@millrace/protocol";
import { compare } from "./compare.ts";
import type { Comparison } from "./compare.ts";
import type { Definition } from "./definition.ts";
import { filesOfJar } from "./jar.ts";
import { kafkaDefinition } from "./kafka-definition.ts";
import { ownJars } from "./kafka-jars.ts";
import { apiDefinitions, messageDefinition } from "./our-definition.ts";

/** Compares every message of the protocol with the definitions inside the jars of a folder. */
export function specCheck(jarFolder: string): Comparison {
  const theirs = new Map<string, Definition>();
  for (const jar of ownJars(jarFolder)) {
    for (const json of filesOfJar(readFileSync(jar), ".json").values()) {
      const definition = kafkaDefinition(json.toString("utf8"));
      if (definition !== null) theirs.set(definition.name, definition);
    }
  }
  const ours = [
    ...apiSchemaList.flatMap(apiDefinitions),
    ...messageSchemaList.map(messageDefinition),
  ];
  return compare(ours, [...theirs.values()]);
}

/** Says whether a comparison saw messages and found nothing. */
export function isClean({ messageCount, missing, unknown, differences }: Comparison): boolean {
  return messageCount > 0 && missing.length + unknown.length + differences.length === 0;
}

/** Puts a comparison into lines: what is wrong, and the figures. */
export function report(comparison: Comparison): readonly string[] {
  const { messageCount, missing, unknown, differences, differentCount } = comparison;
  return [
    ...missing.map((name) => `missing: ${name}`),
    ...unknown.map((name) => `unknown to Kafka: ${name}`),
    ...differences,
    `${messageCount} messages, ${missing.length} missing, ${differentCount} different`,
  ];
}
