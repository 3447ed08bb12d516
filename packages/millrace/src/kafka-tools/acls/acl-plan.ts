import type { AclBinding } from "@millrace/client";
import { ToolUsageError } from "../tool-errors.ts";
import {
  type AclOperationName,
  operationOf,
  patternTypeOf,
  principalOf,
  supportedOperations,
} from "./acl-names.ts";
import type { AclArguments } from "./acl-options.ts";

/** A resource, or what finds several. */
export type AclResource = Pick<AclBinding, "resourceType" | "resourceName" | "patternType">;
/** Who may or may not do what to it. */
export type AclEntry = Pick<AclBinding, "principal" | "host" | "operation" | "permission">;

/** Entries of one resource. */
export interface AclPlan {
  readonly resource: AclResource;
  readonly entries: readonly AclEntry[];
}

const named = [
  ["topic", "TOPIC"],
  ["group", "GROUP"],
  ["transactional-id", "TRANSACTIONAL_ID"],
  ["delegation-token", "DELEGATION_TOKEN"],
  ["user-principal", "USER"],
] as const;

const cluster: AclResource = {
  resourceType: "CLUSTER",
  resourceName: "kafka-cluster",
  patternType: "LITERAL",
};

/** The resources that were named. @throws OptionError */
export function resourcesOf(options: AclArguments): readonly AclResource[] {
  const patternType = patternTypeOf(options.text("resource-pattern-type") ?? "LITERAL");
  const isCluster = options.given("cluster", "idempotent").length > 0;
  return [
    ...named.flatMap(([name, resourceType]) =>
      [...new Set(options.texts(name))].map((text) => ({
        resourceType,
        resourceName: text.trim(),
        patternType,
      })),
    ),
    ...(patternType === "LITERAL" && isCluster ? [cluster] : []),
  ];
}

/** What is to be added or removed. @throws ToolUsageError, OptionError, ToolFailure */
export function plansOf(options: AclArguments): readonly AclPlan[] {
  const resources = resourcesOf(options);
  const plans = new Map<AclResource, readonly AclEntry[]>();
  const isRole = options.given("producer", "consumer").length > 0;
  if (resources.length === 0) {
    throw new ToolUsageError(
      "You must provide at least one resource: --topic <topic> or --cluster or " +
        "--group <group> or --delegation-token <Delegation Token ID>",
    );
  }
  for (const resource of resources) {
    const operations = isRole
      ? roleOperations(options, resource)
      : [...new Set(options.texts("operation").map((text) => operationOf(text.trim())))];
    if (operations !== undefined) plans.set(resource, entriesOf(options, operations));
  }
  const list = [...plans].map(([resource, entries]) => ({ resource, entries }));
  list.forEach(checkOperations);
  return list;
}

/** What a producer, a consumer, or one that is both needs; undefined when it is nothing. */
function roleOperations(
  options: AclArguments,
  { resourceType }: AclResource,
): readonly AclOperationName[] | undefined {
  const producer: Readonly<Record<string, readonly AclOperationName[]>> = {
    TOPIC: ["WRITE", "DESCRIBE", "CREATE"],
    TRANSACTIONAL_ID: ["WRITE", "DESCRIBE"],
    ...(options.has("idempotent") ? { CLUSTER: ["IDEMPOTENT_WRITE"] } : {}),
  };
  const consumer: Readonly<Record<string, readonly AclOperationName[]>> = {
    TOPIC: ["READ", "DESCRIBE"],
    GROUP: ["READ"],
  };
  const found = [
    ...(options.has("producer") ? (producer[resourceType] ?? []) : []),
    ...(options.has("consumer") ? (consumer[resourceType] ?? []) : []),
  ];
  return found.length === 0 ? undefined : [...new Set(found)];
}

function entriesOf(
  options: AclArguments,
  operations: readonly AclOperationName[],
): readonly AclEntry[] {
  const sides = [
    ["allow-principal", "allow-host", "ALLOW"],
    ["deny-principal", "deny-host", "DENY"],
  ] as const;
  return sides.flatMap(([principalOption, hostOption, permission]) => {
    const principals = new Set(
      options.texts(principalOption).map((text) => principalOf(text.trim())),
    );
    const given = options.texts(hostOption).map((text) => text.trim());
    const hosts = given.length === 0 ? ["*"] : [...new Set(given)];
    return [...principals].flatMap((principal) =>
      operations.flatMap((operation) =>
        hosts.map((host) => ({ principal, host, operation, permission })),
      ),
    );
  });
}

function checkOperations({ resource, entries }: AclPlan): void {
  const valid = supportedOperations[resource.resourceType] ?? [];
  if (entries.every(({ operation }) => valid.includes(operation))) return;
  throw new ToolUsageError(
    `ResourceType ${resource.resourceType} only supports operations [${valid.join(", ")}]`,
  );
}
