import { errorName, type ErrorName, retriableErrors } from "@millrace/protocol";
import type { ClientErrorCode } from "./client-error-code.ts";
import { abortableErrors, fatalErrors, hintOf, retriableClientErrors } from "./hints.ts";

/** Where an error happened. */
export interface ErrorPlace {
  /** The API's name: "Produce". */
  readonly api?: string | undefined;
  /** The broker's number; negative for a bootstrap address. */
  readonly node?: number | undefined;
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
  readonly group?: string | undefined;
}

/** What an error is made from. */
export interface KafkaErrorOptions extends ErrorPlace {
  readonly cause?: unknown;
  /** Overrides what the code says. */
  readonly retriable?: boolean;
  readonly fatal?: boolean;
  readonly abortable?: boolean;
  readonly hint?: string;
  /** What the broker said beside the code, alone. */
  readonly brokerMessage?: string;
}

/**
 * The one class of error that this client throws. `code` is Kafka's own name where the protocol has
 * one, else a `ClientErrorCode`. The message says what failed, where, and what to do.
 */
export class KafkaError extends Error {
  override readonly name = "KafkaError";
  readonly code: ErrorName | ClientErrorCode;
  /** The same call may succeed later. The client has already tried for as long as it may. */
  readonly retriable: boolean;
  /** The producer or member that threw it cannot go on: close it and make another. */
  readonly fatal: boolean;
  /** The transaction has to be aborted; the producer can go on after that. */
  readonly abortable: boolean;
  /** What to do, in a sentence. */
  readonly hint: string | undefined;
  /** What failed: the message without code, place and hint. */
  readonly reason: string;
  /** What the broker said beside the code, as it is: for tools that show just that. */
  readonly brokerMessage: string | undefined;
  readonly api: string | undefined;
  readonly node: number | undefined;
  readonly topic: string | undefined;
  readonly partition: number | undefined;
  readonly group: string | undefined;

  /** @param what what failed, in a sentence without its full stop; never a secret */
  constructor(code: ErrorName | ClientErrorCode, what: string, options: KafkaErrorOptions = {}) {
    const hint = options.hint ?? hintOf(code);
    super(messageOf({ code, what, hint, place: options }), { cause: options.cause });
    this.code = code;
    this.retriable = options.retriable ?? isRetriableCode(code);
    this.fatal = options.fatal ?? fatalErrors.has(code);
    this.abortable = options.abortable ?? abortableErrors.has(code);
    this.hint = hint;
    this.reason = what;
    this.brokerMessage = options.brokerMessage;
    this.api = options.api;
    this.node = options.node;
    this.topic = options.topic;
    this.partition = options.partition;
    this.group = options.group;
  }
}

/**
 * Gives the error of an error code inside an answer.
 * @param brokerMessage the `errorMessage` beside the code, where the API has one
 */
export function errorFromCode(
  errorCode: number,
  place: ErrorPlace & { readonly brokerMessage?: string | null; readonly what?: string },
): KafkaError {
  const code = errorName(errorCode);
  const { brokerMessage, what, ...where } = place;
  const failed = what ?? `${place.api ?? "the request"} was refused`;
  if (brokerMessage === undefined || brokerMessage === null || brokerMessage === "") {
    return new KafkaError(code, failed, where);
  }
  return new KafkaError(code, `${failed}: ${brokerMessage}`, { ...where, brokerMessage });
}

/** Gives a thrown value as a KafkaError: itself, or wrapped. */
export function asKafkaError(
  error: unknown,
  code: ErrorName | ClientErrorCode,
  options: KafkaErrorOptions & { readonly what: string },
): KafkaError {
  if (error instanceof KafkaError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new KafkaError(code, `${options.what}: ${said}`, { ...options, cause: error });
}

/** Says whether a thrown value is an error after which the same call may succeed. */
export function isRetriableError(error: unknown): boolean {
  return error instanceof KafkaError && error.retriable;
}

function isRetriableCode(code: ErrorName | ClientErrorCode): boolean {
  const names: ReadonlySet<string> = retriableErrors;
  return names.has(code) || retriableClientErrors.has(code);
}

function messageOf(parts: {
  readonly code: string;
  readonly what: string;
  readonly hint: string | undefined;
  readonly place: ErrorPlace;
}): string {
  const { place } = parts;
  const where = [
    place.api === undefined || parts.what.includes(place.api) ? undefined : place.api,
    place.topic === undefined ? undefined : `topic ${topicPartition(place)}`,
    place.group === undefined ? undefined : `group ${place.group}`,
    place.node === undefined ? undefined : `broker ${place.node}`,
  ].filter((one) => one !== undefined);
  const suffix = where.length === 0 ? "" : ` (${where.join(", ")})`;
  const hint = parts.hint === undefined ? "" : ` ${parts.hint}`;
  return `${parts.code}: ${parts.what}${suffix}.${hint}`;
}

function topicPartition(place: ErrorPlace): string {
  return place.partition === undefined ? `${place.topic}` : `${place.topic}-${place.partition}`;
}
