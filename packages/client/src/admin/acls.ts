import { CreateAcls, DeleteAcls, DescribeAcls } from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import type { KafkaError } from "../errors/kafka-error.ts";
import { type AclOperation, aclOperations, outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { type Outcomes, settleEach, settleOne } from "./settle-each.ts";

const resourceTypes = [
  "UNKNOWN",
  "ANY",
  "TOPIC",
  "GROUP",
  "CLUSTER",
  "TRANSACTIONAL_ID",
  "DELEGATION_TOKEN",
  "USER",
] as const;
const patternTypes = ["UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED"] as const;
const permissions = ["UNKNOWN", "ANY", "DENY", "ALLOW"] as const;

/** What an entry is about. */
export type AclResourceType = (typeof resourceTypes)[number];
/** How an entry's name stands for names; `ANY` and `MATCH` in filters alone. */
export type AclPatternType = (typeof patternTypes)[number];
/** Whether it allows. */
export type AclPermission = (typeof permissions)[number];

/** An entry: who may do what to which resource, from where. */
export interface AclBinding {
  readonly resourceType: AclResourceType;
  readonly resourceName: string;
  readonly patternType: AclPatternType;
  /** `User:alice`, `User:*`. */
  readonly principal: string;
  /** An address, or `*`. */
  readonly host: string;
  readonly operation: AclOperation;
  readonly permission: AclPermission;
}

/** Which entries are meant: what is left out does not matter. */
export type AclFilter = Partial<AclBinding>;

/** Finds entries. @throws KafkaError SECURITY_DISABLED, CLUSTER_AUTHORIZATION_FAILED … */
export function describeAcls(
  cluster: Cluster,
  filter: AclFilter,
  options: AdminCallOptions,
): Promise<readonly AclBinding[]> {
  const what = "describing ACLs";
  return settleOne<readonly AclBinding[]>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const { body } = await cluster.sendToAny(DescribeAcls, filterFields(filter), { signal });
      return outcomeOf(body, { what, api: DescribeAcls.name }, () =>
        body.resources.flatMap(({ acls, ...resource }) =>
          acls.map((acl) => binding({ ...resource, ...acl })),
        ),
      );
    },
  });
}

/** Creates entries. @returns what became of each, in the order given */
export async function createAcls(
  cluster: Cluster,
  bindings: readonly AclBinding[],
  options: AdminCallOptions,
): Promise<Map<AclBinding, undefined | KafkaError>> {
  const what = "creating ACLs";
  return settleEach<AclBinding, undefined>(cluster, {
    what,
    items: bindings,
    call: options,
    attempt: async (open, { signal }) => {
      const creations = open.map((one) => ({
        resourceType: resourceTypes.indexOf(one.resourceType),
        resourceName: one.resourceName,
        resourcePatternType: patternTypes.indexOf(one.patternType),
        principal: one.principal,
        host: one.host,
        operation: aclOperations.indexOf(one.operation),
        permissionType: permissions.indexOf(one.permission),
      }));
      const { body } = await cluster.sendToController(CreateAcls, { creations }, { signal });
      const place = { what: "the ACL was not created", api: CreateAcls.name };
      return inOrder(open, body.results, (result) => outcomeOf(result, place, () => undefined));
    },
  });
}

/** What a filter deleted: entries, or why one of them is still there. */
export type DeletedAcls = readonly (AclBinding | KafkaError)[];

/** Deletes the entries that filters find. */
export function deleteAcls(
  cluster: Cluster,
  filters: readonly AclFilter[],
  options: AdminCallOptions,
): Promise<Map<AclFilter, DeletedAcls | KafkaError>> {
  const what = "deleting ACLs";
  return settleEach<AclFilter, DeletedAcls>(cluster, {
    what,
    items: filters,
    call: options,
    attempt: async (open, { signal }) => {
      const request = { filters: open.map(filterFields) };
      const { body } = await cluster.sendToController(DeleteAcls, request, { signal });
      const place = { what: "ACLs were not deleted", api: DeleteAcls.name };
      return inOrder(open, body.filterResults, (result) =>
        outcomeOf(result, place, () =>
          result.matchingAcls.map((acl) => outcomeOf(acl, place, () => binding(acl))),
        ),
      );
    },
  });
}

function inOrder<K, A, V>(
  items: readonly K[],
  answers: readonly A[],
  outcome: (answer: A) => V | KafkaError,
): Outcomes<K, V> {
  return new Map(
    answers.flatMap((answer, index): [K, V | KafkaError][] => {
      const item = items[index];
      return item === undefined ? [] : [[item, outcome(answer)]];
    }),
  );
}

function filterFields(filter: AclFilter): {
  resourceTypeFilter: number;
  resourceNameFilter: string | null;
  patternTypeFilter: number;
  principalFilter: string | null;
  hostFilter: string | null;
  operation: number;
  permissionType: number;
} {
  return {
    resourceTypeFilter: resourceTypes.indexOf(filter.resourceType ?? "ANY"),
    resourceNameFilter: filter.resourceName ?? null,
    patternTypeFilter: patternTypes.indexOf(filter.patternType ?? "ANY"),
    principalFilter: filter.principal ?? null,
    hostFilter: filter.host ?? null,
    operation: aclOperations.indexOf(filter.operation ?? "ANY"),
    permissionType: permissions.indexOf(filter.permission ?? "ANY"),
  };
}

function binding(acl: {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}): AclBinding {
  return {
    resourceType: resourceTypes[acl.resourceType] ?? "UNKNOWN",
    resourceName: acl.resourceName,
    patternType: patternTypes[acl.patternType] ?? "UNKNOWN",
    principal: acl.principal,
    host: acl.host,
    operation: aclOperations[acl.operation] ?? "UNKNOWN",
    permission: permissions[acl.permissionType] ?? "UNKNOWN",
  };
}
