/** What can go wrong in the client itself, where Kafka's protocol has no name for it. */
export type ClientErrorCode =
  /** The client, producer, consumer or admin was closed before the work was done. */
  | "CLIENT_CLOSED"
  /** The caller's AbortSignal ended the work; its reason is the cause. */
  | "ABORTED"
  /** An option is unknown, or has a value that cannot be used. */
  | "INVALID_OPTION"
  /** A method was called in a state or with an argument that does not allow it. */
  | "ILLEGAL_STATE"
  /** What the caller gave cannot be used. */
  | "INVALID_ARGUMENT"
  /** No bootstrap address could be reached or resolved in time. */
  | "BOOTSTRAP_UNREACHABLE"
  /** The TLS handshake failed: a certificate, a host name, a version. */
  | "TLS_HANDSHAKE_FAILED"
  /** The token for OAUTHBEARER could not be had. */
  | "TOKEN_UNAVAILABLE"
  /** The broker sent bytes that are no answer. */
  | "MALFORMED_ANSWER"
  /** A key, value or header could not be written. */
  | "SERIALIZATION_FAILED"
  /** A key, value or header could not be read. */
  | "DESERIALIZATION_FAILED"
  /** A record was not acknowledged within `deliveryTimeoutMs`. */
  | "DELIVERY_TIMED_OUT"
  /** The producer's memory stayed full for `maxBlockMs`. */
  | "BUFFER_EXHAUSTED"
  /** There is no offset to begin from and `offsetReset` is `none`. */
  | "NO_OFFSET_FOR_PARTITION"
  /** The log was cut below an offset that was already read (KIP-320). */
  | "LOG_TRUNCATION"
  /** Records were not taken within `maxPollIntervalMs`; the member has left its group. */
  | "MAX_POLL_INTERVAL_EXCEEDED"
  /** The partitions of a commit are no longer this member's. */
  | "COMMIT_FAILED";
