import { type ErrorName, errorName, type Fetch, type ResponseOf } from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import { errorFromCode, KafkaError } from "../errors/kafka-error.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { Deserializers } from "./consumer-record.ts";
import type { SentPartition } from "./fetch-session.ts";
import { FetchedRecords, FetchFailure } from "./fetched-records.ts";
import type { PositionResolver } from "./position-resolver.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { ResolvedConsumerOptions } from "./resolved-consumer-options.ts";

type FetchBody = ResponseOf<typeof Fetch>;
type PartitionAnswer = FetchBody["responses"][number]["partitions"][number];

/** What an answer is applied with. */
export interface FetchAnswerContext<K, V> {
  readonly cluster: Cluster;
  readonly options: ResolvedConsumerOptions;
  readonly buffer: RecordBuffer<K, V>;
  readonly positions: PositionResolver;
  readonly deserializers: Deserializers<K, V>;
}

/** After these the leader may be another, or its log not be ready: ask for Metadata, and again. */
const staleErrors: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "NOT_LEADER_OR_FOLLOWER",
  "REPLICA_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
  "FENCED_LEADER_EPOCH",
  "OFFSET_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "INCONSISTENT_TOPIC_ID",
  "LEADER_NOT_AVAILABLE",
]);

/** How an answer's part ended: whether the partition has to wait before it is asked for again. */
export type PartOutcome = "fine" | "stale" | "later";

/** Applies the part of a Fetch answer that speaks of one partition, as Java's FetchCollector. */
export function applyPart<K, V>(
  context: FetchAnswerContext<K, V>,
  sent: SentPartition<K, V>,
  part: PartitionAnswer,
): PartOutcome {
  const { partition } = sent;
  // A seek, a reset or a revocation came in between: the answer is to a question of before.
  if (!isCurrent(sent)) return "fine";
  const error = errorName(part.errorCode);
  if (error !== "NONE") return applyError(context, sent, error);
  learnBounds(partition, part);
  if (part.divergingEpoch.endOffset >= 0 || part.divergingEpoch.epoch >= 0) {
    const { epoch, endOffset } = part.divergingEpoch;
    context.positions.truncated(partition, epoch, endOffset);
    return "fine";
  }
  if (part.preferredReadReplica >= 0) {
    const { clock, options } = context.cluster;
    partition.preferredReplica = part.preferredReadReplica;
    partition.preferredReplicaEndMs = clock.monotonicMs() + options.metadataMaxAgeMs;
  }
  partition.failures = 0;
  addRecords(context, sent, part);
  return "fine";
}

function addRecords<K, V>(
  context: FetchAnswerContext<K, V>,
  sent: SentPartition<K, V>,
  part: PartitionAnswer,
): void {
  const { options, buffer, deserializers } = context;
  const { partition, fetchOffset } = sent;
  const bytes = part.records;
  if (bytes === null || bytes.length === 0) return;
  const records = new FetchedRecords({
    topic: partition.topic,
    partition: partition.partition,
    bytes,
    fetchOffset,
    abortedTransactions:
      options.isolation === "read_committed" ? (part.abortedTransactions ?? []) : undefined,
    checkCrcs: options.checkCrcs,
    decompressedBytesMax: options.decompressedBytesMax,
    deserializers,
  });
  if (records.endOffset === fetchOffset && !records.isDamaged) {
    const { topic } = partition;
    const what = `the record at offset ${fetchOffset} is larger than ${bytes.length} bytes`;
    const place = { topic, partition: partition.partition };
    const error = new KafkaError("MESSAGE_TOO_LARGE", what, {
      ...place,
      hint: "Raise maxPartitionFetchBytes and fetchMaxBytes.",
    });
    buffer.add(partition, new FetchFailure(error, fetchOffset));
    return;
  }
  partition.fetchOffset = records.endOffset;
  if (records.endEpoch >= 0) partition.fetchEpoch = records.endEpoch;
  buffer.add(partition, records);
}

function applyError<K, V>(
  context: FetchAnswerContext<K, V>,
  sent: SentPartition<K, V>,
  error: ErrorName,
): PartOutcome {
  const { cluster, buffer } = context;
  const { partition } = sent;
  cluster.logger.debug("a partition could not be fetched", { partition: partition.key, error });
  if (staleErrors.has(error)) {
    partition.preferredReplica = -1;
    return "stale";
  }
  if (error === "UNKNOWN_LEADER_EPOCH" || error === "UNKNOWN_SERVER_ERROR") return "later";
  if (error === "OFFSET_OUT_OF_RANGE") return applyOutOfRange(context, sent);
  const { topic } = partition;
  const what = "records cannot be fetched";
  const place = { topic, partition: partition.partition, what, api: "Fetch" };
  const failure = new KafkaError(error, what, { ...place, retriable: false });
  buffer.add(partition, new FetchFailure(failure, partition.fetchOffset));
  return "later";
}

/** A follower may not have what its leader has: only the leader's word counts. */
function applyOutOfRange<K, V>(
  context: FetchAnswerContext<K, V>,
  sent: SentPartition<K, V>,
): PartOutcome {
  const { partition } = sent;
  if (partition.preferredReplica >= 0) {
    partition.preferredReplica = -1;
    return "fine";
  }
  const { topic, fetchOffset } = partition;
  const what = `offset ${fetchOffset} is not in the log`;
  const place = { topic, partition: partition.partition, what };
  context.cluster.logger.info("a position is out of range", {
    partition: partition.key,
    offset: fetchOffset,
  });
  context.positions.applyResetPolicy(partition, () => errorFromCode(1, { ...place, api: "Fetch" }));
  return "fine";
}

/** Whether nothing has moved the position since it was asked for. */
export function isCurrent(sent: SentPartition): boolean {
  const { partition, version, fetchOffset } = sent;
  return (
    partition.isAssigned &&
    !partition.isLeaving &&
    partition.version === version &&
    partition.fetchOffset === fetchOffset
  );
}

function learnBounds(partition: AssignedPartition, part: PartitionAnswer): void {
  if (part.highWatermark >= 0) partition.highWatermark = part.highWatermark;
  if (part.lastStableOffset >= 0) partition.lastStableOffset = part.lastStableOffset;
  if (part.logStartOffset >= 0) partition.logStartOffset = part.logStartOffset;
}

/** Takes over the leaders that an answer names (KIP-951). */
export function learnLeaders(
  cluster: Cluster,
  sent: SentPartition,
  part: PartitionAnswer,
  body: FetchBody,
): void {
  const { leaderId, leaderEpoch } = part.currentLeader;
  if (leaderId < 0 || leaderEpoch < 0) return;
  const endpoint = body.nodeEndpoints.find((node) => node.nodeId === leaderId);
  cluster.metadata.learnLeader({
    topic: sent.partition.topic,
    partition: sent.partition.partition,
    leader: leaderId,
    leaderEpoch,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}
