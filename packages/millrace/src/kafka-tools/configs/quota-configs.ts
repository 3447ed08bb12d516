import type { ClientQuotas } from "@millrace/client";
import { javaDouble } from "../console-consumer/java-number.ts";
import { refuseErrors } from "../outcome.ts";
import { ToolFailure } from "../tool-errors.ts";
import type { ConfigChanges } from "./config-changes.ts";
import type { ConfigTask } from "./config-task.ts";

const entityTypes: Readonly<Record<string, string>> = {
  users: "user",
  clients: "client-id",
  ips: "ip",
};

const wordsOf = [
  ["user", "user-principal"],
  ["client-id", "client-id"],
  ["ip", "ip"],
] as const;

/** Shows quotas. @throws ToolFailure, KafkaError */
export async function describeQuotas(task: ConfigTask): Promise<void> {
  for (const { entity, quotas } of await quotasOf(task)) {
    const names = wordsOf.flatMap(([type, word]) => {
      const name = entity[type];
      if (name === undefined) return [];
      return name === null ? `the default ${word}` : `${word} '${name}'`;
    });
    const values = Object.entries(quotas).map(([key, value]) => `${key}=${javaDouble(value)}`);
    task.context.print(`Quota configs for ${names.join(", ")} are ${values.join(", ")}\n`);
  }
}

/** Changes quotas of one entity. @throws ToolFailure, KafkaError */
export async function alterQuotas(task: ConfigTask, changes: ConfigChanges): Promise<void> {
  const [old] = await quotasOf(task);
  const unknown = changes.deleted.filter((key) => old?.quotas[key] === undefined);
  if (unknown.length > 0) throw new ToolFailure(`Invalid config(s): ${unknown.join(",")}`);
  const entity = Object.fromEntries(
    task.types.map((type, index) => {
      const name = task.names[index] ?? "";
      return [entityTypes[type] ?? type, name === "" ? null : name];
    }),
  );
  const quotas = Object.fromEntries([
    ...[...changes.added].map(([key, value]) => [key, numberOf(key, value)] as const),
    ...changes.deleted.map((key) => [key, null] as const),
  ]);
  refuseErrors(await task.admin.alterClientQuotas([{ entity, quotas }]));
}

function numberOf(key: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  throw new ToolFailure(`Cannot parse quota configuration value for ${key}: ${text}`);
}

function quotasOf({ admin, types, names }: ConfigTask): Promise<readonly ClientQuotas[]> {
  if (names.length > types.length) {
    throw new ToolFailure("More entity names specified than entity types");
  }
  const components = Object.fromEntries(
    types.map((type, index) => {
      const name = names[index];
      const match = name === undefined ? "any" : name === "" ? "default" : { name };
      return [entityTypes[type] ?? type, match] as const;
    }),
  );
  return admin.describeClientQuotas({ components, isStrict: true });
}
