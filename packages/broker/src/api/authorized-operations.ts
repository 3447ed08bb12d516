import {
  type AclOperation,
  aclOperations,
  type AclResourceType,
  CLUSTER_RESOURCE,
} from "../security/acl/acl-names.ts";
import { type AccessContext, mayCluster, mightDo } from "./access.ts";

/** What the answer carries when nobody asked for the operations. */
export const operationsNotAsked = -2147483648;

/** The operations that a resource of each type knows. */
const operationsOf = {
  TOPIC: [
    "READ",
    "WRITE",
    "CREATE",
    "DELETE",
    "ALTER",
    "DESCRIBE",
    "DESCRIBE_CONFIGS",
    "ALTER_CONFIGS",
  ],
  GROUP: ["READ", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS"],
  CLUSTER: [
    "CREATE",
    "ALTER",
    "DESCRIBE",
    "CLUSTER_ACTION",
    "DESCRIBE_CONFIGS",
    "ALTER_CONFIGS",
    "IDEMPOTENT_WRITE",
  ],
} as const satisfies Partial<Record<AclResourceType, readonly AclOperation[]>>;

/** What the requester may do to a topic or a group: a bit for each of Kafka's AclOperation. */
export function authorizedOperations(
  context: AccessContext,
  resourceType: keyof typeof operationsOf,
  resourceName: string,
): number {
  let bits = 0;
  for (const operation of operationsOf[resourceType]) {
    if (!mightDo(context, operation, resourceType, resourceName)) continue;
    bits |= 1 << aclOperations[operation];
  }
  return bits;
}

/**
 * What the requester may do to the cluster: a bit for each of Kafka's AclOperation; nothing for who
 * may not describe it.
 */
export function authorizedClusterOperations(context: AccessContext): number {
  return mayCluster(context, "DESCRIBE")
    ? authorizedOperations(context, "CLUSTER", CLUSTER_RESOURCE)
    : 0;
}
