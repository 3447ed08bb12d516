import {
  batchHeader,
  compressionOf,
  errorCodes,
  type ErrorName,
  InitProducerId,
  type KafkaRecord,
  Produce,
  readRecords,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";
import type { ScriptContext } from "../../support/scripted-broker.ts";
import type { ScriptedCluster } from "../../support/scripted-cluster.ts";

/** A batch that came. */
export interface SeenBatch {
  readonly topic: string;
  readonly partition: number;
  readonly broker: number;
  readonly version: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly compression: string | undefined;
  readonly sizeBytes: number;
  readonly isCrcValid: boolean;
  readonly records: readonly KafkaRecord[];
}

/** What goes wrong with a batch: an error instead of an append, or no answer before or after it. */
export type Fault = ErrorName | "cut before" | "cut after" | "silence" | PartitionResponse;

type ProduceResponse = ResponseInput<typeof Produce>;
type PartitionResponse = Partial<
  ProduceResponse["responses"][number]["partitionResponses"][number]
>;

interface ProducerState {
  epoch: number;
  lastSequence: number;
  readonly recent: { readonly baseSequence: number; readonly offset: number }[];
}

/** Partitions that take batches and look at sequences as a broker does. */
export class ScriptedLogs {
  /** Every batch that came, stored or not. */
  readonly seen: SeenBatch[] = [];
  /** Asked before each batch. */
  fault: (batch: SeenBatch) => Fault | undefined = () => undefined;
  /** Given with each answer. */
  readonly extras: Partial<ProduceResponse> = {};
  readonly #logs = new Map<string, KafkaRecord[]>();
  readonly #producers = new Map<string, ProducerState>();
  readonly #cluster: ScriptedCluster;
  /** Connections on which nothing is answered any more: answers keep their order. */
  readonly #silent = new WeakSet<object>();
  #nextProducerId = 1000n;

  constructor(cluster: ScriptedCluster) {
    this.#cluster = cluster;
    cluster.onAll(Produce, (request, context) => this.#produce(request, context));
    cluster.onAll(InitProducerId, () => {
      this.#nextProducerId += 1n;
      const producerId = this.#nextProducerId;
      return { errorCode: 0, throttleTimeMs: 0, producerId, producerEpoch: 0 };
    });
  }

  /** The records of a partition. */
  log(topic: string, partition = 0): readonly KafkaRecord[] {
    return this.#logs.get(`${topic}-${partition}`) ?? [];
  }

  /** The values of a partition, as text. */
  values(topic: string, partition = 0): readonly string[] {
    return this.log(topic, partition).map(({ value }) => String(value));
  }

  /** Forgets what it knows of producers, as after retention. */
  forgetProducers(): void {
    this.#producers.clear();
  }

  #produce(
    request: RequestOf<typeof Produce>,
    context: ScriptContext,
  ): ProduceResponse | undefined {
    let isAnswered = request.acks !== 0 && !this.#silent.has(context.connection);
    const responses = request.topicData.map(({ name, topicId, partitionData }) => {
      const known = [...this.#cluster.topics.values()].find(({ id }) => id === topicId);
      const topic = name === "" ? (known?.name ?? "") : name;
      const partitionResponses = partitionData.map(({ index, records }) => {
        const batch = seenBatch(topic, index, records ?? Buffer.alloc(0), context);
        this.seen.push(batch);
        const fault = this.fault(batch);
        if (fault === "cut before" || fault === "cut after") context.connection.destroy();
        if (fault === "silence") this.#silent.add(context.connection);
        if (fault === "cut before" || fault === "silence") isAnswered = false;
        const nothing = { index, errorCode: 0, baseOffset: -1 };
        if (fault === "cut before" || fault === "silence") return nothing;
        if (typeof fault === "object") return { ...nothing, logAppendTimeMs: -1, ...fault };
        if (fault !== undefined && fault !== "cut after") {
          return { ...nothing, errorCode: errorCodes[fault] };
        }
        return { index, ...this.#append(batch) };
      });
      return { name, topicId, partitionResponses };
    });
    return isAnswered ? { responses, ...this.extras } : undefined;
  }

  #append(batch: SeenBatch): { readonly errorCode: number; readonly baseOffset: number } {
    const log = this.#logs.get(`${batch.topic}-${batch.partition}`) ?? [];
    this.#logs.set(`${batch.topic}-${batch.partition}`, log);
    const refused = { baseOffset: -1 };
    if (batch.producerId >= 0) {
      const verdict = this.#judge(batch, log.length);
      if (typeof verdict === "number") return { errorCode: 0, baseOffset: verdict };
      if (verdict !== undefined) return { ...refused, errorCode: errorCodes[verdict] };
    }
    const baseOffset = log.length;
    log.push(...batch.records);
    return { errorCode: 0, baseOffset };
  }

  /** An error, the offset of a double, or undefined for a batch to append. */
  #judge(batch: SeenBatch, endOffset: number): ErrorName | number | undefined {
    const { producerId, producerEpoch, baseSequence, records } = batch;
    const key = `${batch.topic}-${batch.partition} ${producerId}`;
    const state = this.#producers.get(key);
    const lastSequence = baseSequence + records.length - 1;
    const entry = { baseSequence, offset: endOffset };
    if (state === undefined) {
      this.#producers.set(key, { epoch: producerEpoch, lastSequence, recent: [entry] });
      return undefined;
    }
    if (producerEpoch < state.epoch) return "INVALID_PRODUCER_EPOCH";
    if (producerEpoch > state.epoch) {
      if (baseSequence !== 0) return "OUT_OF_ORDER_SEQUENCE_NUMBER";
      this.#producers.set(key, { epoch: producerEpoch, lastSequence, recent: [entry] });
      return undefined;
    }
    const double = state.recent.find((one) => one.baseSequence === baseSequence);
    if (double !== undefined) return double.offset;
    if (baseSequence !== state.lastSequence + 1) return "OUT_OF_ORDER_SEQUENCE_NUMBER";
    state.lastSequence = lastSequence;
    state.recent.push(entry);
    if (state.recent.length > 5) state.recent.shift();
    return undefined;
  }
}

function seenBatch(
  topic: string,
  partition: number,
  bytes: Buffer,
  context: ScriptContext,
): SeenBatch {
  const records = [...readRecords(bytes, 0)].map((record) => ({
    ...record,
    key: record.key === null ? null : Buffer.from(record.key),
    value: record.value === null ? null : Buffer.from(record.value),
  }));
  return {
    topic,
    partition,
    broker: context.broker.id,
    version: context.version,
    producerId: batchHeader.producerIdNumber(bytes, 0),
    producerEpoch: batchHeader.producerEpoch(bytes, 0),
    baseSequence: batchHeader.baseSequence(bytes, 0),
    isTransactional: batchHeader.isTransactional(bytes, 0),
    compression: compressionOf(bytes, 0),
    sizeBytes: bytes.length,
    isCrcValid: batchHeader.isCrcValid(bytes, 0),
    records,
  };
}
