import type { ErrorName } from "@millrace/protocol";
import type { ClientErrorCode } from "./client-error-code.ts";

type Code = ErrorName | ClientErrorCode;

/** Errors after which a producer or a member cannot go on. */
export const fatalErrors: ReadonlySet<Code> = new Set<Code>([
  "INVALID_PRODUCER_EPOCH",
  "PRODUCER_FENCED",
  "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "UNSUPPORTED_VERSION",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
  "FENCED_INSTANCE_ID",
  "UNRELEASED_INSTANCE_ID",
  "INVALID_PRODUCER_ID_MAPPING",
  "SASL_AUTHENTICATION_FAILED",
  "TLS_HANDSHAKE_FAILED",
  "CLIENT_CLOSED",
]);

/** Errors that end a transaction, and no more. */
export const abortableErrors: ReadonlySet<Code> = new Set<Code>([
  "TRANSACTION_ABORTABLE",
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "UNKNOWN_PRODUCER_ID",
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
  "COMMIT_FAILED",
  "DELIVERY_TIMED_OUT",
]);

/** The client's own errors after which the same call may succeed. */
export const retriableClientErrors: ReadonlySet<Code> = new Set<Code>([
  "BOOTSTRAP_UNREACHABLE",
  "BUFFER_EXHAUSTED",
  "TOKEN_UNAVAILABLE",
]);

const hints: { readonly [C in Code]?: string } = {
  ABORTED: "The caller's signal ended it.",
  BOOTSTRAP_UNREACHABLE:
    "Look at the bootstrap addresses, at name resolution, and whether TLS and SASL fit the listener.",
  BUFFER_EXHAUSTED: "Produce more slowly, or raise bufferMemory or maxBlockMs.",
  CLIENT_CLOSED: "Make a new one.",
  CLUSTER_AUTHORIZATION_FAILED: "The principal lacks an ACL on the cluster.",
  COMMIT_FAILED: "The group has rebalanced: the partitions belong to another member now.",
  DELEGATION_TOKEN_EXPIRED: "Get a new delegation token.",
  DELIVERY_TIMED_OUT:
    "Look at the broker's health and its acknowledgements, or raise deliveryTimeoutMs.",
  FENCED_INSTANCE_ID: "Another member uses the same groupInstanceId: give each its own.",
  GROUP_AUTHORIZATION_FAILED: "The principal lacks an ACL READ on the group.",
  ILLEGAL_GENERATION: "The group has rebalanced; the member joins again.",
  INVALID_PRODUCER_EPOCH:
    "Another producer with this transactionalId has taken over: close this one.",
  INVALID_REPLICATION_FACTOR:
    "The cluster has fewer brokers that are alive than replicas are asked.",
  LOG_TRUNCATION: "Records that were read are gone: decide where to go on, and seek there.",
  MALFORMED_ANSWER: "Does something other than a Kafka broker listen there, or TLS without tls?",
  MAX_POLL_INTERVAL_EXCEEDED:
    "Handle records faster, take fewer at once, or raise maxPollIntervalMs.",
  MESSAGE_TOO_LARGE:
    "Raise max.message.bytes of the topic and maxRequestSize of the producer, or split the record.",
  NETWORK_EXCEPTION: "The connection was lost; it is made again by itself.",
  NO_OFFSET_FOR_PARTITION: "Seek, or set offsetReset to earliest, latest or a duration.",
  NOT_ENOUGH_REPLICAS: "Fewer replicas are in sync than min.insync.replicas: a broker is down.",
  OFFSET_OUT_OF_RANGE:
    "The offset was deleted or was never written; offsetReset says where to go on.",
  PRODUCER_FENCED: "Another producer with this transactionalId has taken over: close this one.",
  RECORD_LIST_TOO_LARGE: "The batch is larger than the topic's segment.bytes.",
  REQUEST_TIMED_OUT: "Look at the broker's load and the network, or raise the time-out.",
  SASL_AUTHENTICATION_FAILED: "Look at mechanism, user name and password (or token).",
  SECURITY_DISABLED: "The broker has no authorizer.",
  TLS_HANDSHAKE_FAILED:
    "Look at tls.ca, at the name in the broker's certificate, and whether its listener speaks TLS.",
  TOKEN_UNAVAILABLE: "Look at the token function or at the identity provider.",
  TOPIC_AUTHORIZATION_FAILED: "The principal lacks an ACL on the topic.",
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: "The principal lacks an ACL WRITE on the transactionalId.",
  UNKNOWN_TOPIC_OR_PARTITION: "Create the topic, or look for a typing mistake in its name.",
  UNSUPPORTED_SASL_MECHANISM: "The listener does not offer this mechanism.",
  UNSUPPORTED_VERSION: "The broker is too old or too new for this.",
};

/** What to do about an error, in a sentence; undefined where there is nothing to say. */
export function hintOf(code: Code): string | undefined {
  return hints[code];
}
