/** Kafka's AclOperation with its number on the wire and in records. */
export const aclOperations = {
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

/** What a requester wants to do. */
export type AclOperation = Exclude<keyof typeof aclOperations, "ALL">;

/** Kafka's ResourceType with its number on the wire and in records. */
export const aclResourceTypes = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
} as const;

/** What a requester wants to do it to. */
export type AclResourceType = keyof typeof aclResourceTypes;

/** The one name that a cluster has as a resource. */
export const CLUSTER_RESOURCE = "kafka-cluster";
