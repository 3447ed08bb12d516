import type { AclBinding } from "@millrace/client";
import { OptionError, ToolFailure } from "../tool-errors.ts";

/** What an entry allows or denies. */
export type AclOperationName = AclBinding["operation"];

/** Operations as Kafka's tool has them in its help, and their names on the wire. */
const operations = {
  All: "ALL",
  Read: "READ",
  Write: "WRITE",
  Create: "CREATE",
  Delete: "DELETE",
  Alter: "ALTER",
  Describe: "DESCRIBE",
  ClusterAction: "CLUSTER_ACTION",
  DescribeConfigs: "DESCRIBE_CONFIGS",
  AlterConfigs: "ALTER_CONFIGS",
  IdempotentWrite: "IDEMPOTENT_WRITE",
  CreateTokens: "CREATE_TOKENS",
  DescribeTokens: "DESCRIBE_TOKENS",
  TwoPhaseCommit: "TWO_PHASE_COMMIT",
} as const satisfies Readonly<Record<string, AclOperationName>>;

/** The names of operations for the help. */
export const operationNames = Object.keys(operations);

/** Reads `DescribeConfigs` in any case; what is none is UNKNOWN, as for Kafka's tool. */
export function operationOf(text: string): AclOperationName {
  const wanted = text.toLowerCase().replaceAll("_", "");
  const found = Object.entries(operations).find(([name]) => name.toLowerCase() === wanted);
  return found?.[1] ?? "UNKNOWN";
}

/** Reads a kind of pattern in any case. @throws OptionError */
export function patternTypeOf(text: string): AclBinding["patternType"] {
  const wanted = text.toUpperCase();
  const found = (["ANY", "MATCH", "LITERAL", "PREFIXED"] as const).find((one) => one === wanted);
  if (found !== undefined) return found;
  throw new OptionError(`Cannot parse argument '${text}' of option resource-pattern-type`);
}

/** Reads `User:alice`. @throws ToolFailure */
export function principalOf(text: string): string {
  const at = text.indexOf(":");
  if (at >= 0) return text;
  throw new ToolFailure(`expected a string in format principalType:principalName but got ${text}`);
}

/** What can be allowed of each kind of resource, as Kafka's tool lists it. */
export const supportedOperations: Readonly<Record<string, readonly AclOperationName[]>> = {
  TOPIC: [
    "READ",
    "WRITE",
    "CREATE",
    "DESCRIBE",
    "DELETE",
    "ALTER",
    "DESCRIBE_CONFIGS",
    "ALTER_CONFIGS",
    "ALL",
  ],
  GROUP: ["READ", "DESCRIBE", "DELETE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "ALL"],
  CLUSTER: [
    "CREATE",
    "CLUSTER_ACTION",
    "DESCRIBE_CONFIGS",
    "ALTER_CONFIGS",
    "IDEMPOTENT_WRITE",
    "ALTER",
    "DESCRIBE",
    "ALL",
  ],
  TRANSACTIONAL_ID: ["DESCRIBE", "WRITE", "TWO_PHASE_COMMIT", "ALL"],
  DELEGATION_TOKEN: ["DESCRIBE", "ALL"],
  USER: ["CREATE_TOKENS", "DESCRIBE_TOKENS", "ALL"],
};
