import { type ErrorPlace, errorFromCode, type KafkaError } from "../errors/kafka-error.ts";

/** What parts of answers say of success. */
export interface Refusable {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** Gives the value of a part of an answer, or why there is none. */
export function outcomeOf<V>(
  { errorCode, errorMessage = null }: Refusable,
  place: ErrorPlace & { readonly what?: string },
  value: () => V,
): V | KafkaError {
  if (errorCode === 0) return value();
  return errorFromCode(errorCode, { ...place, brokerMessage: errorMessage });
}

/** What operations may be done, as ACLs name them. */
export type AclOperation =
  | "UNKNOWN"
  | "ANY"
  | "ALL"
  | "READ"
  | "WRITE"
  | "CREATE"
  | "DELETE"
  | "ALTER"
  | "DESCRIBE"
  | "CLUSTER_ACTION"
  | "DESCRIBE_CONFIGS"
  | "ALTER_CONFIGS"
  | "IDEMPOTENT_WRITE"
  | "CREATE_TOKENS"
  | "DESCRIBE_TOKENS"
  | "TWO_PHASE_COMMIT";

/** By their numbers on the wire. */
export const aclOperations: readonly AclOperation[] = [
  "UNKNOWN",
  "ANY",
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
];

const notAsked = -2_147_483_648;

/** The operations of a bit set; undefined when they were not asked for. */
export function operationsOf(bits: number): ReadonlySet<AclOperation> | undefined {
  if (bits === notAsked) return undefined;
  return new Set(aclOperations.filter((_, index) => ((bits >>> index) & 1) === 1));
}
