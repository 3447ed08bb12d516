import type { ScramAlteration, ScramMechanism } from "@millrace/client";
import { javaMessageOf } from "../java-message.ts";
import { refuseErrors } from "../outcome.ts";
import { ToolFailure } from "../tool-errors.ts";
import type { ConfigChanges } from "./config-changes.ts";
import type { ConfigTask } from "./config-task.ts";
import { alterQuotas, describeQuotas } from "./quota-configs.ts";

const iterationsMin = 4096;
const quotaNames = [
  "consumer_byte_rate",
  "controller_mutation_rate",
  "producer_byte_rate",
  "request_percentage",
];

const isQuota = (key: string): boolean => quotaNames.includes(key);

function isScram(key: string): key is ScramMechanism {
  return key === "SCRAM-SHA-256" || key === "SCRAM-SHA-512";
}

/** Shows quotas, and of users their credentials, too. */
export async function describeUsers(task: ConfigTask): Promise<void> {
  const { admin, context, types, names } = task;
  await describeQuotas(task);
  if (types.includes("clients") || names.includes("")) return;
  const described = await admin.describeUserScramCredentials(names.length === 0 ? "all" : names);
  for (const [user, outcome] of described) {
    if (!(outcome instanceof Error)) {
      const told = outcome.map(({ mechanism, iterations }) => {
        return `${mechanism}=iterations=${iterations}`;
      });
      const said = `SCRAM credential configs for user-principal '${user}' are`;
      context.print(`${said} ${told.join(", ")}\n`);
    } else if (outcome.code !== "RESOURCE_NOT_FOUND") {
      const said = `Error retrieving SCRAM credential configs for user-principal '${user}'`;
      context.print(`${said}: ${javaMessageOf(outcome)}\n`);
    }
  }
}

/** Changes quotas of users and clients, and credentials of users. */
export async function alterUsers(task: ConfigTask, changes: ConfigChanges): Promise<void> {
  const isClient = task.types[0] === "clients" || task.types.length === 2;
  const added = [...changes.added.keys()];
  if (isClient) checkClient(added, changes.deleted);
  else checkUser(task, added, changes.deleted);
  if (added.some(isQuota) || changes.deleted.some(isQuota)) {
    await alterQuotas(task, changes);
    return;
  }
  const user = task.names[0] ?? "";
  const deletions = changes.deleted
    .filter(isScram)
    .map((mechanism): ScramAlteration => ({ user, mechanism, isDeleted: true }));
  const upsertions = [...changes.added].flatMap(([key, text]) => {
    return isScram(key) ? credentialOf(user, key, text) : [];
  });
  refuseErrors(await task.admin.alterUserScramCredentials([...deletions, ...upsertions]));
}

function checkClient(added: readonly string[], deleted: readonly string[]): void {
  const wrongAdded = added.filter((key) => !isQuota(key));
  if (wrongAdded.length > 0) throw unexpected("quota", ["added", "clients"], asSet(wrongAdded));
  const wrongDeleted = deleted.filter((key) => !isQuota(key));
  if (wrongDeleted.length > 0) {
    throw unexpected("quota", ["deleted", "clients"], asBuffer(wrongDeleted));
  }
}

function checkUser(
  { names }: ConfigTask,
  added: readonly string[],
  deleted: readonly string[],
): void {
  const isKnown = (key: string): boolean => isQuota(key) || isScram(key);
  const wrongAdded = added.filter((key) => !isKnown(key));
  const kinds = "quota and SCRAM credential";
  if (wrongAdded.length > 0) throw unexpected(kinds, ["added", "users"], asSet(wrongAdded));
  const wrongDeleted = deleted.filter((key) => !isKnown(key));
  if (wrongDeleted.length > 0) {
    throw unexpected(kinds, ["deleted", "users"], asBuffer(wrongDeleted));
  }
  const every = [...added, ...deleted];
  if (!every.some(isScram)) return;
  if (names.includes("")) {
    throw new ToolFailure(
      "The use of --entity-default or --user-defaults is not allowed with User SCRAM " +
        "Credentials using --bootstrap-server.",
    );
  }
  if (every.some(isQuota)) {
    throw new ToolFailure(
      "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using " +
        "--bootstrap-server.",
    );
  }
}

function unexpected(
  kinds: string,
  [done, type]: readonly [string, string],
  names: string,
): ToolFailure {
  return new ToolFailure(
    `Only ${kinds} configs can be ${done} for '${type}' using --bootstrap-server. ` +
      `Unexpected config names: ${names}`,
  );
}

/** As Scala writes collections. */
const asSet = (names: readonly string[]): string => `Set(${names.join(", ")})`;
const asBuffer = (names: readonly string[]): string => `ArrayBuffer(${names.join(", ")})`;

function credentialOf(user: string, mechanism: ScramMechanism, text: string): ScramAlteration {
  const found = /^(?:iterations=(-?\d*),)?password=(.*)$/.exec(text);
  if (found === null) {
    const javaName = mechanism.replaceAll("-", "_");
    throw new ToolFailure(`Invalid credential property ${javaName}=${text}`);
  }
  const [, count, password = ""] = found;
  const iterations = count === undefined || count === "-1" ? iterationsMin : Number(count);
  if (iterations >= iterationsMin) return { user, mechanism, password, iterations };
  throw new ToolFailure(
    `Iterations ${iterations} is less than the minimum ${iterationsMin} required for ${mechanism}`,
  );
}
