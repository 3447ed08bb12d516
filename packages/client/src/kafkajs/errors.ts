import { errorCodes } from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";

/** What is told beside a message. */
export interface ErrorDetails {
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/** What every error of this library is, as in kafkajs. */
export class KafkaJSError extends Error {
  override name = "KafkaJSError";
  readonly retriable: boolean;
  readonly helpUrl: string | undefined = undefined;

  constructor(error: Error | string, { retriable = true, cause }: ErrorDetails = {}) {
    super(error instanceof Error ? error.message : error, {
      cause: cause ?? (error instanceof Error ? error : undefined),
    });
    this.retriable = retriable;
  }
}

/** The same call will fail again. */
export class KafkaJSNonRetriableError extends KafkaJSError {
  override name = "KafkaJSNonRetriableError";
  constructor(error: Error | string, details: ErrorDetails = {}) {
    super(error, { ...details, retriable: false });
  }
}

/** A broker answered with an error: `type` is Kafka's name, `code` its number. */
export class KafkaJSProtocolError extends KafkaJSError {
  override name = "KafkaJSProtocolError";
  readonly type: string;
  readonly code: number;

  constructor(error: KafkaError) {
    super(error, { retriable: error.retriable });
    this.type = error.code;
    this.code = codeOf(error) ?? errorCodes.UNKNOWN_SERVER_ERROR;
  }
}

/** An offset that the log does not have. */
export class KafkaJSOffsetOutOfRange extends KafkaJSProtocolError {
  override name = "KafkaJSOffsetOutOfRange";
  readonly topic: string | undefined;
  readonly partition: number | undefined;

  constructor(error: KafkaError) {
    super(error);
    this.topic = error.topic;
    this.partition = error.partition;
  }
}

/** A topic that was not created; `errors` of a KafkaJSAggregateError. */
export class KafkaJSCreateTopicError extends KafkaJSProtocolError {
  override name = "KafkaJSCreateTopicError";
  readonly topic: string;

  constructor(error: KafkaError, topic: string) {
    super(error);
    this.topic = topic;
  }
}

/** A partition whose replicas were not changed. */
export class KafkaJSAlterPartitionReassignmentsError extends KafkaJSProtocolError {
  override name = "KafkaJSAlterPartitionReassignmentsError";
  readonly topic: string | undefined;
  readonly partition: number | undefined;

  constructor(error: KafkaError) {
    super(error);
    this.topic = error.topic;
    this.partition = error.partition;
  }
}

/** Several failures of one call. */
export class KafkaJSAggregateError extends Error {
  override name = "KafkaJSAggregateError";
  readonly errors: readonly (Error | string)[];

  constructor(message: string, errors: readonly (Error | string)[]) {
    super(message);
    this.errors = errors;
  }
}

/** It was tried for as long as it may. */
export class KafkaJSNumberOfRetriesExceeded extends KafkaJSNonRetriableError {
  override name = "KafkaJSNumberOfRetriesExceeded";
  readonly retryCount: number;
  readonly retryTime: number;

  constructor(error: Error, retries: { readonly retryCount: number; readonly retryTime: number }) {
    super(error, { cause: error });
    this.retryCount = retries.retryCount;
    this.retryTime = retries.retryTime;
  }
}

/** A broker could not be reached, or the connection was lost. */
export class KafkaJSConnectionError extends KafkaJSError {
  override name = "KafkaJSConnectionError";
  /** Its number, as a text; the message has its address. */
  readonly broker: string;

  constructor(error: KafkaError) {
    super(error);
    this.broker = String(error.node ?? "");
  }
}

/** A request got no answer in time. */
export class KafkaJSRequestTimeoutError extends KafkaJSError {
  override name = "KafkaJSRequestTimeoutError";
  readonly broker: string;

  constructor(error: KafkaError) {
    super(error);
    this.broker = String(error.node ?? "");
  }
}

/** The broker does not know who this is. */
export class KafkaJSSASLAuthenticationError extends KafkaJSNonRetriableError {
  override name = "KafkaJSSASLAuthenticationError";
}

/** The broker has no such request, or not in a version that is needed. */
export class KafkaJSServerDoesNotSupportApiKey extends KafkaJSNonRetriableError {
  override name = "KafkaJSServerDoesNotSupportApiKey";
  readonly apiName: string;

  constructor(error: KafkaError) {
    super(error);
    this.apiName = error.api ?? "";
  }
}

/** What kafkajs has and this library has not. */
export class KafkaJSNotImplemented extends KafkaJSNonRetriableError {
  override name = "KafkaJSNotImplemented";
}

/** A group that was not deleted, or was. */
export interface DeletedGroup {
  readonly groupId: string;
  readonly errorCode: number;
  readonly error?: KafkaJSError;
}

/** Groups of which some were not deleted. */
export class KafkaJSDeleteGroupsError extends KafkaJSError {
  override name = "KafkaJSDeleteGroupsError";
  readonly groups: readonly DeletedGroup[];

  constructor(message: string, groups: readonly DeletedGroup[]) {
    super(message);
    this.groups = groups;
  }
}

/** Partitions whose records were not deleted. */
export class KafkaJSDeleteTopicRecordsError extends KafkaJSError {
  override name = "KafkaJSDeleteTopicRecordsError";
  readonly partitions: readonly {
    readonly partition: number;
    readonly offset: string;
    readonly error: KafkaJSError;
  }[];

  constructor(topic: string, partitions: KafkaJSDeleteTopicRecordsError["partitions"]) {
    super(`Error while deleting records of ${topic}`, {
      retriable: partitions.every(({ error }) => error.retriable),
    });
    this.partitions = partitions;
  }
}

const unusable: ReadonlySet<string> = new Set([
  "INVALID_OPTION",
  "INVALID_ARGUMENT",
  "ILLEGAL_STATE",
  "CLIENT_CLOSED",
  "SERIALIZATION_FAILED",
  "DESERIALIZATION_FAILED",
]);
const unreachable: ReadonlySet<string> = new Set([
  "NETWORK_EXCEPTION",
  "BOOTSTRAP_UNREACHABLE",
  "TLS_HANDSHAKE_FAILED",
]);

/** Gives what was thrown as kafkajs would throw it; what is no error of the client stays. */
export function asKafkaJsError(error: unknown): Error {
  if (!(error instanceof KafkaError)) {
    return error instanceof Error ? error : new KafkaJSNonRetriableError(String(error));
  }
  const { code } = error;
  if (unusable.has(code)) return new KafkaJSNonRetriableError(error);
  if (code === "BOOTSTRAP_UNREACHABLE" || code === "DELIVERY_TIMED_OUT") {
    return exceeded(new KafkaJSConnectionError(error));
  }
  if (unreachable.has(code)) return new KafkaJSConnectionError(error);
  if (code === "REQUEST_TIMED_OUT") return new KafkaJSRequestTimeoutError(error);
  if (code === "SASL_AUTHENTICATION_FAILED") return new KafkaJSSASLAuthenticationError(error);
  if (code === "UNSUPPORTED_VERSION") return new KafkaJSServerDoesNotSupportApiKey(error);
  if (code === "OFFSET_OUT_OF_RANGE") return new KafkaJSOffsetOutOfRange(error);
  if (codeOf(error) === undefined) return new KafkaJSError(error, { retriable: error.retriable });
  // The client has tried again what may pass, as kafkajs does, for as long as it may.
  return error.retriable
    ? exceeded(new KafkaJSProtocolError(error))
    : new KafkaJSProtocolError(error);
}

function exceeded(error: KafkaJSError): KafkaJSNumberOfRetriesExceeded {
  return new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 0, retryTime: 0 });
}

/** Does work of the client; what it throws is kafkajs's. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asKafkaJsError(error);
  }
}

/** Kafka's number of an error; undefined for one of the client's own. */
export function codeOf(error: KafkaError): number | undefined {
  const codes: Readonly<Record<string, number>> = errorCodes;
  return codes[error.code];
}
