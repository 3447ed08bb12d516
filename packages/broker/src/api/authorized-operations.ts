/** What the answer carries when nobody asked for the operations. */
export const operationsNotAsked = -2147483648;

/**
 * The operations of Kafka's AclOperation as a bit field. There is no authorizer yet, so whoever
 * asks may do all that a resource of its kind knows.
 */
export const allOperations = {
  /** Read, Write, Create, Delete, Alter, Describe, DescribeConfigs, AlterConfigs. */
  topic: bits(3, 4, 5, 6, 7, 8, 10, 11),
  /** Read, Delete, Describe, DescribeConfigs, AlterConfigs. */
  group: bits(3, 6, 8, 10, 11),
  /** Create, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite. */
  cluster: bits(5, 7, 8, 9, 10, 11, 12),
} as const;

function bits(...operations: readonly number[]): number {
  return operations.reduce((field, operation) => field | (1 << operation), 0);
}
