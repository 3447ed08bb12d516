import {
  buildControlBatch,
  buildRecordBatch,
  type CompressionName,
  encodeEndTransactionMarker,
  type ErrorName,
  errorCodes,
  Fetch,
  ListOffsets,
  OffsetForLeaderEpoch,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";
import { Consumer } from "../../../src/consumer/consumer.ts";
import type { ConsumerOptions } from "../../../src/consumer/consumer-options.ts";
import type { RecordSender } from "../../../src/consumer/record-sender.ts";
import type { Group } from "../../../src/group/membership.ts";
import type { ScriptedBroker } from "../../support/scripted-broker.ts";
import { ScriptedCluster } from "../../support/scripted-cluster.ts";

type PartInput = NonNullable<
  ResponseInput<typeof Fetch>["responses"]
>[number]["partitions"][number];
type SessionPartition = RequestOf<typeof Fetch>["topics"][number]["partitions"][number];

/** How a batch is appended. */
export interface AppendOptions {
  readonly compression?: CompressionName;
  readonly producerId?: bigint;
  readonly timestamp?: number;
  readonly key?: string;
}

/** A partition's log in a test's hands. */
export class ScriptedLog {
  readonly batches: {
    readonly offset: number;
    readonly endOffset: number;
    readonly bytes: Buffer;
  }[] = [];
  startOffset = 0;
  endOffset = 0;
  epoch = 0;
  lastStableOffset: number | undefined;
  aborted: { producerId: bigint; firstOffset: number }[] = [];
  /** What the next fetches are answered with instead of records. */
  readonly answers: (Partial<PartInput> | ErrorName)[] = [];
  /** Where epochs end, for OffsetForLeaderEpoch; the end of the log when nothing is said. */
  readonly epochEnds = new Map<number, number>();

  append(texts: readonly string[], options: AppendOptions = {}): this {
    const { compression = "none", producerId, timestamp = 1_000, key } = options;
    const bytes = buildRecordBatch(
      texts.map((text) => ({
        timestamp,
        key: key === undefined ? null : Buffer.from(key),
        value: Buffer.from(text),
      })),
      {
        compression,
        baseOffset: this.endOffset,
        partitionLeaderEpoch: this.epoch,
        ...(producerId === undefined
          ? {}
          : { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true }),
      },
    );
    return this.#add(bytes, texts.length);
  }

  /** Ends a transaction. */
  mark(type: "ABORT" | "COMMIT", producerId: bigint): this {
    const bytes = buildControlBatch([{ type, value: encodeEndTransactionMarker(0) }], {
      timestamp: 1_000,
      baseOffset: this.endOffset,
      partitionLeaderEpoch: this.epoch,
      producerId,
      producerEpoch: 0,
      isTransactional: true,
    });
    return this.#add(bytes, 1);
  }

  /** Cuts the log. */
  truncate(endOffset: number): void {
    while ((this.batches.at(-1)?.offset ?? -1) >= endOffset) this.batches.pop();
    this.endOffset = endOffset;
  }

  read(offset: number, maxBytes: number): Buffer {
    const found: Buffer[] = [];
    let sizeBytes = 0;
    for (const batch of this.batches) {
      if (batch.endOffset <= offset) continue;
      if (sizeBytes > 0 && sizeBytes + batch.bytes.length > maxBytes) break;
      found.push(batch.bytes);
      sizeBytes += batch.bytes.length;
    }
    return Buffer.concat(found);
  }

  #add(bytes: Buffer, count: number): this {
    this.batches.push({ offset: this.endOffset, endOffset: this.endOffset + count, bytes });
    this.endOffset += count;
    return this;
  }
}

interface Session {
  epoch: number;
  readonly partitions: Map<string, { topic: string; asked: SessionPartition }>;
}

/** Brokers that serve Fetch (with sessions, long polls), ListOffsets and OffsetForLeaderEpoch. */
export class ScriptedLogs {
  readonly cluster: ScriptedCluster;
  readonly logs = new Map<string, ScriptedLog>();
  /** What the next Fetch requests are refused with as a whole. */
  readonly sessionErrors: ErrorName[] = [];
  readonly #sessions = new Map<number, Session>();
  #nextSession = 1;

  constructor(cluster: ScriptedCluster) {
    this.cluster = cluster;
    cluster.onAll(Fetch, (request, { broker }) => this.#fetch(request, broker));
    cluster.onAll(ListOffsets, (request) => this.#listOffsets(request));
    cluster.onAll(OffsetForLeaderEpoch, (request) => this.#epochs(request));
  }

  log(topic: string, partition = 0): ScriptedLog {
    const key = `${topic}-${partition}`;
    const known = this.logs.get(key);
    if (known !== undefined) return known;
    const log = new ScriptedLog();
    this.logs.set(key, log);
    return log;
  }

  async #fetch(
    request: RequestOf<typeof Fetch>,
    broker: ScriptedBroker,
  ): Promise<ResponseInput<typeof Fetch>> {
    const error = this.sessionErrors.shift();
    if (error !== undefined)
      return { errorCode: errorCodes[error], throttleTimeMs: 0, responses: [] };
    const isFull = request.sessionEpoch <= 0;
    if (isFull) this.#sessions.delete(request.sessionId);
    if (request.sessionEpoch < 0) return { throttleTimeMs: 0, responses: [] };
    const id = isFull ? this.#nextSession++ : request.sessionId;
    const session = this.#sessions.get(id) ?? { epoch: 0, partitions: new Map() };
    this.#sessions.set(id, session);
    if (!isFull && session.epoch + 1 !== request.sessionEpoch) {
      return {
        errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH,
        throttleTimeMs: 0,
        responses: [],
      };
    }
    session.epoch = request.sessionEpoch;
    this.#update(session, request);
    const { clock } = broker.platform;
    const endMs = clock.monotonicMs() + request.maxWaitMs;
    for (;;) {
      const parts = this.#parts(session, request.isolationLevel === 1);
      const isWorth = parts.some(
        (part) => part.isForced || (part.part.records as Buffer).length > 0,
      );
      if (isWorth || clock.monotonicMs() >= endMs) {
        const told = parts.filter(
          (part) => isFull || part.isForced || (part.part.records as Buffer).length > 0,
        );
        return {
          throttleTimeMs: 0,
          sessionId: id,
          responses: told.map(({ topic, topicId, part }) => ({
            topic,
            topicId,
            partitions: [part],
          })),
        };
      }
      await new Promise<void>((resolve) =>
        clock.setTimer(Math.min(10, endMs - clock.monotonicMs()), resolve),
      );
    }
  }

  #update(session: Session, request: RequestOf<typeof Fetch>): void {
    for (const forgotten of request.forgottenTopicsData) {
      const topic = this.#nameOf(forgotten);
      for (const partition of forgotten.partitions)
        session.partitions.delete(`${topic}-${partition}`);
    }
    for (const asked of request.topics) {
      const topic = this.#nameOf(asked);
      for (const partition of asked.partitions) {
        session.partitions.set(`${topic}-${partition.partition}`, { topic, asked: partition });
      }
    }
  }

  #nameOf(named: { readonly topic: string; readonly topicId: string }): string {
    if (named.topic !== "") return named.topic;
    for (const topic of this.cluster.topics.values())
      if (topic.id === named.topicId) return topic.name;
    return "";
  }

  #parts(
    session: Session,
    isCommitted: boolean,
  ): {
    topic: string;
    topicId: ReturnType<ScriptedCluster["addTopic"]>["id"];
    part: PartInput;
    isForced: boolean;
  }[] {
    return [...session.partitions.values()].flatMap(({ topic, asked }) => {
      const known = this.cluster.topics.get(topic);
      if (known === undefined) return [];
      const log = this.log(topic, asked.partition);
      const script = log.answers.shift();
      const error = errorFor(log, asked.fetchOffset, script);
      const part: PartInput = {
        partitionIndex: asked.partition,
        errorCode: errorCodes[error],
        highWatermark: log.endOffset,
        lastStableOffset: log.lastStableOffset ?? log.endOffset,
        logStartOffset: log.startOffset,
        abortedTransactions: isCommitted ? log.aborted : null,
        records:
          error === "NONE" && script === undefined
            ? log.read(asked.fetchOffset, asked.partitionMaxBytes)
            : Buffer.alloc(0),
        ...(typeof script === "object" ? script : {}),
      };
      return [
        { topic, topicId: known.id, part, isForced: script !== undefined || error !== "NONE" },
      ];
    });
  }

  #listOffsets(request: RequestOf<typeof ListOffsets>): ResponseInput<typeof ListOffsets> {
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const log = this.log(name, partitionIndex);
          const offset = timestamp === -2 ? log.startOffset : timestamp === -1 ? log.endOffset : -1;
          return { partitionIndex, errorCode: 0, timestamp: -1, offset, leaderEpoch: log.epoch };
        }),
      })),
    };
  }

  #epochs(
    request: RequestOf<typeof OffsetForLeaderEpoch>,
  ): ResponseInput<typeof OffsetForLeaderEpoch> {
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, leaderEpoch }) => {
          const log = this.log(topic, partition);
          const endOffset = log.epochEnds.get(leaderEpoch) ?? log.endOffset;
          return { partition, errorCode: 0, leaderEpoch, endOffset };
        }),
      })),
    };
  }
}

function errorFor(
  log: ScriptedLog,
  offset: number,
  script: Partial<PartInput> | ErrorName | undefined,
): ErrorName {
  if (typeof script === "string") return script;
  if (script !== undefined) return "NONE";
  return offset < log.startOffset || offset > log.endOffset ? "OFFSET_OUT_OF_RANGE" : "NONE";
}

/** A cluster with logs, started, and how to make consumers of it. */
export async function startLogs(options: { readonly brokers?: number } = {}): Promise<{
  readonly cluster: ScriptedCluster;
  readonly logs: ScriptedLogs;
  readonly consume: <K = Buffer | null, V = Buffer | null>(
    options?: ConsumerOptions<K, V>,
    parts?: { readonly group?: Group; readonly sender?: RecordSender },
  ) => Consumer<K, V>;
}> {
  const cluster = new ScriptedCluster(options);
  const logs = new ScriptedLogs(cluster);
  await cluster.start();
  return {
    cluster,
    logs,
    consume: (consumerOptions = {}, { group, sender } = {}) =>
      new Consumer(
        {
          cluster: cluster.connect(),
          openGroup: () => {
            if (group === undefined) throw new Error("the test has no group");
            return group;
          },
          makeDeadLetterSender: () =>
            sender ?? { send: () => Promise.reject(new Error("no sender")) },
        },
        consumerOptions,
      ),
  };
}

/** The texts of the next records. */
export async function takeTexts(consumer: Consumer, count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const record of consumer) {
    texts.push(String(record.value));
    if (texts.length === count) break;
  }
  return texts;
}
