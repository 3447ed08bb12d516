/** What a user of the table may do: one row of entries each. */

/** Kafka's AclOperation by its number on the wire. */
const operations = {
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
} as const;

/** Kafka's ResourceType by its number on the wire. */
const resourceTypes = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
} as const;

const patternTypes = { literal: 3, prefixed: 4 } as const;
const permissionTypes = { deny: 2, allow: 3 } as const;

type ResourceType = keyof typeof resourceTypes;
type Operation = keyof typeof operations;

/** An entry as CreateAcls takes it. */
export interface Entry {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly resourcePatternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

/** One user of the table, with what it is given. */
export interface Variant {
  /** `literal TOPIC`, or `none`: users of one group differ in the operation. */
  readonly group: string;
  readonly operation: string;
  readonly user: string;
  /** A topic's name that nobody else uses. */
  readonly own: string;
  readonly entries: readonly Entry[];
}

/** The resources that entries are about; others with the same beginning have no entry. */
export interface Names {
  /** Of a token that `owner` owns. */
  readonly tokenId: string;
}

const typeNames = [
  "TOPIC",
  "GROUP",
  "CLUSTER",
  "TRANSACTIONAL_ID",
  "DELEGATION_TOKEN",
  "USER",
] as const;
const operationNames = [
  "ALL",
  "READ",
  "WRITE",
  "CREATE",
  "DELETE",
  "ALTER",
  "DESCRIBE",
  "CLUSTER_ACTION",
  "DESCRIBE_CONFIGS",
  "ALTER_CONFIGS",
  "IDEMPOTENT_WRITE",
  "CREATE_TOKENS",
  "DESCRIBE_TOKENS",
  "TWO_PHASE_COMMIT",
] as const satisfies readonly Operation[];

/**
 * Users with no entry; with one operation allowed on one resource by its name, by a prefix of it
 * and by the wildcard; with one operation denied where everything is allowed; and with one allowed
 * and denied from the address that they come from, and from others.
 */
export function variantsOf(names: Names): readonly Variant[] {
  const variants: Variant[] = [];
  const add = (
    group: string,
    operation: string,
    entriesFor: (own: string, principal: string) => readonly Entry[],
  ): void => {
    const user = `u${variants.length}`;
    const own = `v-${variants.length}`;
    const entries = entriesFor(own, `User:${user}`);
    variants.push({ group, operation, user, own, entries });
  };
  add("none", "", () => []);
  for (const type of typeNames) {
    for (const operation of operationNames) {
      add(`literal ${type}`, operation, (own, principal) =>
        namesOf(type, names, own).map((name) => entry({ type, name, operation, principal })),
      );
    }
    // The cluster has one name, which entries must give.
    if (type === "CLUSTER") continue;
    for (const operation of operationNames) {
      add(`prefixed ${type}`, operation, (own, principal) =>
        prefixesOf(type, names, own).map((name) =>
          entry({ type, name, operation, principal, pattern: "prefixed" }),
        ),
      );
    }
    for (const operation of operationNames) {
      add(`wildcard ${type}`, operation, (_, principal) => [
        entry({ type, name: anyOf(type), operation, principal }),
      ]);
    }
  }
  for (const type of typeNames) {
    for (const operation of operationNames) {
      add(`deny ${type}`, operation, (_, principal) => [
        ...typeNames.map((each) =>
          entry({ type: each, name: anyOf(each), operation: "ALL", principal }),
        ),
        entry({ type, name: anyOf(type), operation, principal, permission: "deny" }),
      ]);
    }
  }
  for (const host of ["127.0.0.1", "10.9.9.9", "0:0:0:0:0:0:0:1"]) {
    for (const permission of ["allow", "deny"] as const) {
      add(`${permission === "deny" ? "deny" : "allow"} from ${host}`, "READ", (own, principal) => [
        ...(permission === "deny"
          ? [entry({ type: "TOPIC", name: "*", operation: "ALL", principal })]
          : []),
        ...namesOf("TOPIC", names, own).map((name) =>
          entry({ type: "TOPIC", name, operation: "READ", principal, permission, host }),
        ),
      ]);
    }
  }
  return variants;
}

function namesOf(type: ResourceType, names: Names, own: string): readonly string[] {
  if (type === "TOPIC") return ["orders", "orders-doomed", own];
  if (type === "GROUP") return ["group", "group-doomed"];
  if (type === "CLUSTER") return ["kafka-cluster"];
  if (type === "TRANSACTIONAL_ID") return ["tx"];
  return [type === "USER" ? "User:owner" : names.tokenId];
}

function anyOf(type: ResourceType): string {
  return type === "CLUSTER" ? "kafka-cluster" : "*";
}

function prefixesOf(type: ResourceType, names: Names, own: string): readonly string[] {
  if (type === "TOPIC") return ["ord", own];
  return namesOf(type, names, own)
    .slice(0, 1)
    .map((name) => name.slice(0, type === "TRANSACTIONAL_ID" ? 2 : 4));
}

function entry(given: {
  readonly type: ResourceType;
  readonly name: string;
  readonly operation: Operation;
  readonly principal: string;
  readonly pattern?: keyof typeof patternTypes;
  readonly permission?: keyof typeof permissionTypes;
  readonly host?: string;
}): Entry {
  return {
    resourceType: resourceTypes[given.type],
    resourceName: given.name,
    resourcePatternType: patternTypes[given.pattern ?? "literal"],
    principal: given.principal,
    host: given.host ?? "*",
    operation: operations[given.operation],
    permissionType: permissionTypes[given.permission ?? "allow"],
  };
}
