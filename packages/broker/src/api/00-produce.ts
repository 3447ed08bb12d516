import {
  batchHeader,
  errorCodes,
  type ErrorName,
  Produce,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";
import {
  type AppendOutcome,
  type RecordError,
  type PreparedBatch,
  prepareForAppend,
  type RefusedAppend,
} from "@millrace/storage";

import { waitForCommits } from "../replication/commit-wait.ts";
import type { AppendRequest, Partition } from "../replication/partition.ts";
import { eachMay } from "./access.ts";
import { CurrentLeaders } from "./current-leader.ts";
import {
  joinTransaction,
  keyOf,
  mayWriteTransaction,
  noVerdicts,
  type TransactionVerdicts,
  withOwnRecords,
} from "./join-transaction.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic } from "./topic-names.ts";

/**
 * Produce (key 0), versions 3-13: appends one record batch to each named partition.
 * - acks 0: nothing is answered; an error closes the connection, so that the client looks for the
 *   leader anew. acks 1: answered once the batch is in the log. acks -1: once it is committed.
 * - Answers per partition; one refusal does not stop the others.
 * - v5: the log start offset. v7: zstd. v8: which records are at fault. v10: the leader, where the
 *   client asked somebody else. v12: transactions (KIP-890). v13: topic ids.
 * - Versions 0-2 are advertised, because librdkafka asks for them, and refused (KAFKA-18659).
 */
export const produce: Handler<typeof Produce> = {
  api: Produce,
  versions: "3-13",
  // The frame holds its batches; one that is compressed anew is copied.
  memory: { baseBytes: 2048, perFrameByte: 1 },
  borrowsBytes: true,
  overlaps: true,
  handle,
};

type Request = RequestOf<typeof Produce>;
type Response = ResponseInput<typeof Produce>;
type TopicData = Request["topicData"][number];
type PartitionData = TopicData["partitionData"][number];

/** What became of one partition, until it is shaped for the answer. */
interface PartitionOutcome {
  readonly index: number;
  error: ErrorName;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly errorMessage: string | null;
  readonly recordErrors: readonly RecordError[];
  /**
   * The partition and the end offset that acks=all waits for; undefined when nothing was written.
   */
  readonly pending: { readonly partition: Partition; readonly endOffset: number } | undefined;
}

interface TopicOutcome {
  readonly name: string | undefined;
  readonly topic: TopicData;
  readonly partitions: PartitionOutcome[];
}

function handle(request: Request, context: RequestContext): Response | Promise<Response> {
  if (!mayWriteTransaction(request, context)) {
    return conclude(request, refuseAll(request, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"), context);
  }
  const mayWrite = eachMay(context, "WRITE", "TOPIC");
  const mayAppend = (topic: string): boolean => !isReservedTopic(topic, context) && mayWrite(topic);
  const verdicts = joinTransaction(request, context, mayAppend) ?? noVerdicts;
  if (!(verdicts instanceof Promise)) {
    return append({ request, mayWrite, verdicts, later: undefined }, context);
  }
  const own = withOwnRecords(request);
  return verdicts.then((known) =>
    append({ request: own, mayWrite, verdicts: known, later: undefined }, context),
  );
}

function refuseAll({ topicData }: Request, error: ErrorName): readonly TopicOutcome[] {
  return topicData.map((topic) => ({
    name: undefined,
    topic,
    partitions: topic.partitionData.map(({ index }) => refuse(index, error)),
  }));
}

/** A request, with what the transaction coordinator says of its transactional batches. */
interface VerifiedRequest {
  readonly request: Request;
  readonly mayWrite: (topic: string) => boolean;
  readonly verdicts: TransactionVerdicts;
  /** Batches that a worker looks at before they are appended; undefined when there are none. */
  later: Promise<void>[] | undefined;
}

function append(verified: VerifiedRequest, context: RequestContext): Response | Promise<Response> {
  const { request } = verified;
  const outcomes: TopicOutcome[] = [];
  for (const topic of request.topicData) outcomes.push(appendTopic(topic, verified, context));
  if (verified.later === undefined) return conclude(request, outcomes, context);
  // What follows on this connection waits: a producer's batches are appended in its order.
  return Promise.all(verified.later).then(() => conclude(request, outcomes, context));
}

function conclude(
  request: Request,
  outcomes: readonly TopicOutcome[],
  context: RequestContext,
): Response | Promise<Response> {
  if (request.acks === 0) return finishSilently(outcomes, context);
  if (request.acks !== -1) return shape(outcomes, context);
  const pending = outcomes.flatMap((topic) => topic.partitions.filter(isUncommitted));
  if (pending.length === 0) return shape(outcomes, context);
  // What follows on this connection may be appended meanwhile: the order is made.
  context.settle();
  return awaitCommits({ pending, outcomes, timeoutMs: request.timeoutMs }, context);
}

function appendTopic(
  topic: TopicData,
  verified: VerifiedRequest,
  context: RequestContext,
): TopicOutcome {
  const name =
    context.apiVersion >= 13 ? context.image.topics.byId.get(topic.topicId)?.name : topic.name;
  const isAllowed = name === undefined || verified.mayWrite(name);
  const refusalOfTopic = isAllowed ? undefined : "TOPIC_AUTHORIZATION_FAILED";
  const partitions: PartitionOutcome[] = [];
  for (const data of topic.partitionData) {
    const outcome =
      refusalOfTopic === undefined && name !== undefined
        ? appendPartition(name, data, verified, context)
        : refuse(data.index, refusalOfTopic ?? "UNKNOWN_TOPIC_ID");
    if (!(outcome instanceof Promise)) {
      partitions.push(outcome);
      continue;
    }
    const at = partitions.length;
    partitions.push(refuse(data.index, "UNKNOWN_SERVER_ERROR"));
    verified.later ??= [];
    verified.later.push(
      outcome.then((known) => {
        partitions[at] = known;
      }),
    );
  }
  return { name, topic, partitions };
}

function appendPartition(
  topic: string,
  data: PartitionData,
  { request, verdicts }: VerifiedRequest,
  context: RequestContext,
): PartitionOutcome | Promise<PartitionOutcome> {
  const { index, records } = data;
  const { acks } = request;
  const partition = context.services.replicas.leader(context.image, topic, index);
  if (typeof partition === "string") return refuse(index, partition);
  if (acks !== -1 && acks !== 0 && acks !== 1) return refuse(index, "INVALID_REQUIRED_ACKS");
  if (records === null || records.length === 0) {
    return refuse(index, "INVALID_RECORD");
  }
  const refusal = refusalBySender(topic, data, context);
  if (refusal !== undefined) return refusal;
  const verdict = verdicts.size === 0 ? undefined : verdicts.get(keyOf(topic, index));
  if (verdict !== undefined && "error" in verdict) return refuse(index, verdict.error);
  const append: AppendRequest = {
    bytes: records,
    origin: "client",
    isAcksAll: acks === -1,
    ...(verdict === undefined ? {} : { verificationGuard: verdict.guard }),
  };
  const prepared = prepareForAppend(partition.log, records);
  if (prepared instanceof Promise) return appendLater({ partition, append, prepared }, context);
  return appendPrepared(partition, append, prepared);
}

/** Refuses what this client, or one of its version, may not write. */
function refusalBySender(
  topic: string,
  { index, records }: PartitionData,
  context: RequestContext,
): PartitionOutcome | undefined {
  if (isReservedTopic(topic, context)) {
    return refuse(index, "INVALID_TOPIC_EXCEPTION", `Cannot append to internal topic ${topic}`);
  }
  if (context.apiVersion < 7 && records !== null && isZstd(records)) {
    return refuse(index, "UNSUPPORTED_COMPRESSION_TYPE");
  }
  return undefined;
}

/** Whether only the broker, and Kafka's own tools, write to a topic. */
function isReservedTopic(topic: string, { clientId }: RequestContext): boolean {
  return isInternalTopic(topic) && clientId !== adminClientId;
}

function appendPrepared(
  partition: Partition,
  append: AppendRequest,
  prepared: PreparedBatch | RefusedAppend | undefined,
): PartitionOutcome {
  if (prepared?.kind === "refused") return ofAppend(partition, prepared);
  return ofAppend(partition, partition.append({ ...append, ...changesOf(prepared) }));
}

function changesOf(prepared: PreparedBatch | undefined): Partial<AppendRequest> | undefined {
  return prepared && { bytes: prepared.bytes, validated: prepared.validated };
}

/** Appends a batch once a worker has looked at its records. */
async function appendLater(
  later: {
    readonly partition: Partition;
    readonly append: AppendRequest;
    readonly prepared: Promise<PreparedBatch | RefusedAppend>;
  },
  { services }: RequestContext,
): Promise<PartitionOutcome> {
  const { topic, index } = later.partition;
  const prepared = await later.prepared;
  // Much may have happened meanwhile.
  const leader = services.replicas.leader(services.image(), topic, index);
  if (typeof leader === "string") return refuse(index, leader);
  return appendPrepared(leader, later.append, prepared);
}

function isZstd(records: Buffer): boolean {
  return (
    records.length >= batchHeader.HEADER_SIZE_BYTES &&
    batchHeader.compressionId(records, 0) === codecZstd
  );
}

/** The codec's number in a batch's attributes. */
const codecZstd = 4;

/** The client id under which Kafka's own tools may write to internal topics. */
const adminClientId = "__admin_client";

function ofAppend(partition: Partition, outcome: AppendOutcome): PartitionOutcome {
  const { index } = partition;
  if (outcome.kind === "refused") {
    const { error, message, recordErrors = [] } = outcome;
    const logStartOffset = tellsLogStart(outcome) ? partition.log.logStartOffset : -1;
    // Kafka has words for the client only where records are to blame.
    const told = recordErrors.length > 0 ? message : null;
    return { ...refuse(index, error, told), recordErrors, logStartOffset };
  }
  return {
    index,
    error: "NONE",
    baseOffset: outcome.baseOffset,
    logAppendTimeMs: outcome.logAppendTimeMs,
    logStartOffset: partition.log.logStartOffset,
    errorMessage: null,
    recordErrors: [],
    pending: { partition, endOffset: outcome.lastOffset + 1 },
  };
}

/** Kafka tells where the log begins when it refused for what the batch says, not for what it is. */
function tellsLogStart({ error, isUnread = false }: RefusedAppend): boolean {
  return !isUnread && !refusalsBeforeContent.has(error);
}

const refusalsBeforeContent: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "CORRUPT_MESSAGE",
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "UNSUPPORTED_COMPRESSION_TYPE",
  "KAFKA_STORAGE_ERROR",
]);

function refuse(
  index: number,
  error: ErrorName,
  errorMessage: string | null = null,
): PartitionOutcome {
  return {
    index,
    error,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    errorMessage,
    recordErrors: [],
    pending: undefined,
  };
}

function isUncommitted(outcome: PartitionOutcome): boolean {
  const { pending } = outcome;
  return pending !== undefined && !pending.partition.isCommitted(pending.endOffset);
}

interface CommitWait {
  readonly pending: readonly PartitionOutcome[];
  readonly outcomes: readonly TopicOutcome[];
  readonly timeoutMs: number;
}

async function awaitCommits(wait: CommitWait, context: RequestContext): Promise<Response> {
  const waiting = wait.pending.flatMap((outcome) =>
    outcome.pending === undefined ? [] : [outcome.pending],
  );
  const errors = await waitForCommits(waiting, {
    timeoutMs: wait.timeoutMs,
    deadlines: context.services.deadlines,
  });
  for (const [position, outcome] of wait.pending.entries()) {
    outcome.error = errors[position] ?? "NONE";
  }
  return shape(wait.outcomes, context);
}

function finishSilently(outcomes: readonly TopicOutcome[], context: RequestContext): Response {
  const failed = outcomes
    .flatMap((topic) => topic.partitions)
    .find((partition) => partition.error !== "NONE");
  if (failed === undefined) context.silence();
  else context.closeConnection(`Produce with acks=0 failed with ${failed.error}`);
  return { responses: [] };
}

function shape(outcomes: readonly TopicOutcome[], context: RequestContext): Response {
  const leaders = new CurrentLeaders(context, { leaderSince: 10, nodesSince: 10 });
  const responses = outcomes.map(({ name, topic, partitions }) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitionResponses: partitions.map((partition) => ({
      index: partition.index,
      errorCode: errorCodes[partition.error],
      baseOffset: partition.baseOffset,
      logAppendTimeMs: partition.logAppendTimeMs,
      logStartOffset: partition.logStartOffset,
      recordErrors: partition.recordErrors.map((record) => ({
        batchIndex: record.batchIndex,
        batchIndexErrorMessage: record.message,
      })),
      errorMessage: partition.errorMessage,
      currentLeader: leaders.of({ topic: name, index: partition.index, error: partition.error }),
    })),
  }));
  return { responses, nodeEndpoints: leaders.nodes() };
}
