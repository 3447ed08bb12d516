import type { Timer } from "@millrace/platform";
import { Produce, ZERO_UUID } from "@millrace/protocol";
import type { Answer } from "../../cluster.ts";
import { asKafkaError, type KafkaError } from "../../errors/kafka-error.ts";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";
import type { AccumulatorListener, RecordAccumulator } from "../accumulator/record-accumulator.ts";
import type { TopicQueues } from "../accumulator/topic-queues.ts";
import { IN_FLIGHT_BATCHES_MAX } from "../idempotence/partition-sequences.ts";
import { BatchOutcomes } from "./batch-outcomes.ts";
import { BrokerQueue } from "./broker-queue.ts";
import { answersOf, produceRequest, produceVersionMax, type SentBatch } from "./produce-request.ts";
import type { SenderContext } from "./sender-context.ts";

/** Requests of records have connections of their own: a long poll does not delay them. */
const LANE = "produce";

/**
 * Sends batches to the leaders of their partitions. Records wait to the end of the turn; while as
 * many requests as allowed are on their way to a broker, they gather; a full batch goes at once.
 */
export class Sender implements AccumulatorListener {
  readonly #context: SenderContext;
  readonly #outcomes: BatchOutcomes;
  readonly #brokers = new Map<number, BrokerQueue>();
  /** Partitions with batches and without a leader. */
  readonly #leaderless = new Set<PartitionQueue>();
  #accumulator: RecordAccumulator | undefined;
  #isTurnEndPlanned = false;
  #isSeekingLeaders = false;
  #flushesCount = 0;
  #isStopped = false;
  #expiryTimer: Timer | undefined;

  constructor(context: SenderContext) {
    this.#context = context;
    this.#outcomes = new BatchOutcomes(context, {
      onRetry: (queue) => {
        this.#place(queue);
        this.#planTurnEnd();
      },
      onSplit: (topic, parts) => {
        for (const part of parts) this.#accumulator?.close(topic, part);
        this.#accumulator?.track(parts);
      },
      onLeft: (batch) => this.#accumulator?.noteLeft(batch),
    });
  }

  /** Binds it to the records that it sends. */
  serve(accumulator: RecordAccumulator): void {
    this.#accumulator = accumulator;
  }

  onFirstRecord(queue: PartitionQueue): void {
    this.#begin(queue);
    if (this.#context.options.lingerMs === "auto") this.#planTurnEnd();
    else this.#wakeBroker(queue.leader);
  }

  onFullBatch(queue: PartitionQueue): void {
    this.#begin(queue);
    this.#wakeBroker(queue.leader);
  }

  silentMs(leader: number): number {
    const since = this.#brokers.get(leader)?.silentSinceMs;
    return since === undefined ? 0 : this.#nowMs() - since;
  }

  /** Sends what can be sent: something changed that batches waited for. */
  wake(): void {
    for (const broker of this.#brokers.values()) this.#send(broker);
  }

  /** Sends batches however few records they have, until the returned function is called. */
  beginFlush(): () => void {
    this.#flushesCount += 1;
    this.#planTurnEnd();
    return () => {
      this.#flushesCount -= 1;
    };
  }

  /** Leaders have changed: batches go to the new ones, without rest. */
  onMetadata(topics: ReadonlySet<string>): void {
    for (const name of topics) {
      const topic = this.#accumulator?.topics.get(name);
      if (topic === undefined) continue;
      topic.metadata = this.#context.cluster.metadata.topic(name);
      for (const queue of topic.queues()) this.#follow(topic, queue);
    }
    this.wake();
  }

  /** Gives up what was not acknowledged within `deliveryTimeoutMs`. @returns when to look again */
  #expire(): number | undefined {
    const { deliveryTimeoutMs } = this.#context.options;
    // Clocks have fractions: what is due within half a millisecond is due.
    const deadlineMs = this.#nowMs() - deliveryTimeoutMs + 0.5;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const batch of this.#accumulator?.incomplete ?? []) {
      if (batch.createdMs > deadlineMs) {
        oldestMs = Math.min(oldestMs, batch.createdMs);
        continue;
      }
      const { topicName, partition } = batch.place;
      const queue = this.#accumulator?.topics.get(topicName)?.existing(partition);
      if (queue !== undefined) this.#outcomes.expired(queue, batch);
    }
    this.#accumulator?.noteMemory();
    this.wake();
    return oldestMs === Number.POSITIVE_INFINITY ? undefined : oldestMs + deliveryTimeoutMs;
  }

  /** Fails every batch that is not done, but for those on their way if it says so. */
  failAll(error: KafkaError, options: { readonly exceptOnWire: boolean }): void {
    for (const topic of this.#accumulator?.topics.values() ?? []) {
      for (const queue of topic.queues()) {
        const waiting = [...queue.batches];
        const all = options.exceptOnWire ? waiting : [...queue.sequences.inFlight, ...waiting];
        for (const batch of new Set(all)) this.#outcomes.givenUp(queue, batch, error);
      }
    }
    this.#accumulator?.noteMemory();
  }

  /** Sends nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#expiryTimer?.cancel();
    for (const broker of this.#brokers.values()) broker.timer?.cancel();
  }

  #begin(queue: PartitionQueue): void {
    const { identity, gate, options } = this.#context;
    gate?.onRecords(queue);
    identity?.ask();
    this.#place(queue);
    if (this.#expiryTimer === undefined) this.#planExpiry(options.deliveryTimeoutMs);
  }

  #planExpiry(delayMs: number): void {
    const { clock } = this.#context.cluster;
    this.#expiryTimer = clock.setTimer(delayMs, () => {
      this.#expiryTimer = undefined;
      const nextMs = this.#expire();
      if (nextMs !== undefined && !this.#isStopped) this.#planExpiry(nextMs - this.#nowMs());
    });
  }

  #nowMs(): number {
    return this.#context.cluster.clock.monotonicMs();
  }

  #planTurnEnd(): void {
    if (this.#isTurnEndPlanned) return;
    this.#isTurnEndPlanned = true;
    this.#context.cluster.clock.setImmediate(() => {
      this.#isTurnEndPlanned = false;
      this.wake();
    });
  }

  /** Puts a partition among those of its leader. */
  #place(queue: PartitionQueue): void {
    if (queue.leader < 0) {
      this.#leaderless.add(queue);
      if (!this.#isSeekingLeaders) void this.#seekLeaders();
      return;
    }
    const broker = this.#broker(queue.leader);
    broker.pending.add(queue);
    broker.silentSinceMs ??= this.#nowMs();
  }

  /** Asks for Metadata until every partition with batches has a leader. It never throws. */
  async #seekLeaders(): Promise<void> {
    this.#isSeekingLeaders = true;
    while (this.#leaderless.size > 0 && !this.#isStopped) {
      await this.#context.cluster.metadata.refreshSoon("partitions with records have no leader");
      for (const queue of this.#leaderless) {
        if (queue.batches.length === 0) this.#leaderless.delete(queue);
      }
    }
    this.#isSeekingLeaders = false;
  }

  #broker(id: number): BrokerQueue {
    const known = this.#brokers.get(id);
    if (known !== undefined) return known;
    const broker = new BrokerQueue(id);
    this.#brokers.set(id, broker);
    return broker;
  }

  #follow(topic: TopicQueues, queue: PartitionQueue): void {
    const known = topic.metadata?.partitions[queue.partition];
    const leader = known?.leader ?? -1;
    queue.leaderEpoch = known?.leaderEpoch ?? queue.leaderEpoch;
    if (leader === queue.leader && !this.#leaderless.has(queue)) return;
    this.#brokers.get(queue.leader)?.pending.delete(queue);
    this.#leaderless.delete(queue);
    queue.leader = leader;
    if (queue.batches.length > 0) this.#place(queue);
  }

  #wakeBroker(id: number): void {
    const broker = this.#brokers.get(id);
    if (broker !== undefined) this.#send(broker);
  }

  /** Sends as many requests as may be on their way. */
  #send(broker: BrokerQueue): void {
    const { identity, options } = this.#context;
    if (this.#isStopped) return;
    identity?.renew();
    if (identity !== undefined && identity.producer === undefined) {
      identity.ask();
      return;
    }
    while (broker.inFlight < options.maxInFlight && broker.pending.size > 0) {
      const batches = this.#collect(broker);
      if (batches.length === 0) return;
      void this.#request(broker, batches);
    }
  }

  /** Takes one batch of each partition that has one to send, as many as a request may have. */
  #collect(broker: BrokerQueue): SentBatch[] {
    const nowMs = this.#nowMs();
    const taken: SentBatch[] = [];
    if (!this.#isDue(broker, nowMs)) return taken;
    let sizeBytes = 0;
    for (const queue of broker.pending) {
      const batch = queue.batches[0];
      const topic = this.#accumulator?.topics.get(queue.topicName);
      if (batch === undefined || topic === undefined) {
        broker.pending.delete(queue);
        continue;
      }
      if (!this.#maySend(broker, queue, nowMs)) continue;
      this.#accumulator?.close(topic, batch);
      if (taken.length > 0 && sizeBytes + batch.sizeBytes > this.#context.options.maxRequestSize) {
        break;
      }
      sizeBytes += batch.sizeBytes;
      this.#take(queue);
      taken.push({ batch, queue, topic, topicId: topic.metadata?.id ?? ZERO_UUID });
    }
    for (const { queue } of taken) {
      broker.pending.delete(queue);
      if (queue.batches.length > 0) broker.pending.add(queue);
    }
    return taken;
  }

  /** Whether anything goes to the broker now, with `lingerMs` in mind; else it is woken later. */
  #isDue(broker: BrokerQueue, nowMs: number): boolean {
    const { lingerMs } = this.#context.options;
    if (lingerMs === "auto" || this.#flushesCount > 0) return true;
    if (this.#accumulator?.isExhausted === true) return true;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const { batches, hasClosedBatch } of broker.pending) {
      const batch = batches[0];
      if (hasClosedBatch) return true;
      if (batch !== undefined) dueMs = Math.min(dueMs, batch.createdMs + lingerMs);
    }
    if (dueMs <= nowMs) return true;
    this.#wakeAt(broker, dueMs, nowMs);
    return false;
  }

  #wakeAt(broker: BrokerQueue, atMs: number, nowMs: number): void {
    if (atMs >= broker.timerAtMs || atMs === Number.POSITIVE_INFINITY) return;
    broker.timer?.cancel();
    broker.timerAtMs = atMs;
    broker.timer = this.#context.cluster.clock.setTimer(atMs - nowMs, () => {
      broker.timerAtMs = Number.POSITIVE_INFINITY;
      this.#send(broker);
    });
  }

  /** Whether the first batch of a partition may be sent now. */
  #maySend(broker: BrokerQueue, queue: PartitionQueue, nowMs: number): boolean {
    const { identity, gate } = this.#context;
    const [batch] = queue.batches;
    const { sequences } = queue;
    if (batch === undefined) return false;
    if (batch.retryAtMs > nowMs && queue.leaderEpoch <= batch.sentLeaderEpoch) {
      this.#wakeAt(broker, batch.retryAtMs, nowMs);
      return false;
    }
    if (gate !== undefined && !gate.maySend(queue)) return false;
    if (identity === undefined) return true;
    this.#outcomes.resolve(queue);
    identity.renew();
    if (identity.producer === undefined) return false;
    // Of several that came back only the first goes: the broker takes the others after it alone.
    if (batch.hasSequence) return sequences.inFlight[0] === batch;
    // A broker that has not seen the producer takes any first sequence: were the first batch
    // refused and the second taken, the first could never be stored.
    const mayBeMany = sequences.hasBeenAcknowledged;
    if (sequences.inFlight.length >= (mayBeMany ? IN_FLIGHT_BATCHES_MAX : 1)) return false;
    const isStale = sequences.producer !== identity.producer;
    return !(isStale && sequences.inFlight.length > 0) && sequences.unresolved === undefined;
  }

  /** Takes the first batch of a partition out of its queue and gives it its sequence. */
  #take(queue: PartitionQueue): void {
    const batch = queue.batches.shift();
    if (batch === undefined) return;
    const { sequences } = queue;
    const producer = this.#context.identity?.producer;
    if (producer !== undefined && !batch.hasSequence) {
      if (sequences.producer !== producer) sequences.restart(producer);
      sequences.assign(batch, producer);
    }
    if (!sequences.inFlight.includes(batch)) sequences.inFlight.push(batch);
    batch.isOnWire = true;
    batch.sentLeaderEpoch = queue.leaderEpoch;
    this.#accumulator?.noteLeft(batch);
  }

  /** Sends one request and deals with its answer. It never throws. */
  async #request(broker: BrokerQueue, batches: readonly SentBatch[]): Promise<void> {
    const { gate } = this.#context;
    broker.inFlight += 1;
    gate?.onSent();
    let answer: Answer<typeof Produce> | undefined;
    let failure: KafkaError | undefined;
    try {
      answer = await this.#ask(broker, batches);
    } catch (error) {
      failure = asKafkaError(error, "NETWORK_EXCEPTION", { what: "records could not be sent" });
    }
    broker.inFlight -= 1;
    broker.silentSinceMs = broker.pending.size > 0 ? this.#nowMs() : undefined;
    if (answer === undefined) this.#onFailure(batches, failure);
    else this.#onAnswer(batches, answer);
    this.#accumulator?.noteMemory();
    this.#afterAnswer(broker);
  }

  #ask(broker: BrokerQueue, batches: readonly SentBatch[]): Promise<Answer<typeof Produce>> {
    const { cluster, options, gate } = this.#context;
    const { acks, requestTimeoutMs: timeoutMs, transactionalId } = options;
    const request = { transactionalId, acks, timeoutMs };
    const versions = [produceVersionMax(batches), gate?.produceVersionMax];
    const maxVersion = Math.min(...versions.map((one) => one ?? Number.POSITIVE_INFINITY));
    return cluster.send(
      broker.id,
      Produce,
      (version) => produceRequest(version, batches, request),
      {
        lane: LANE,
        timeoutMs,
        noAnswer: acks === 0,
        maxVersion: Number.isFinite(maxVersion) ? maxVersion : undefined,
      },
    );
  }

  #onFailure(batches: readonly SentBatch[], failure: KafkaError | undefined): void {
    if (failure === undefined) return;
    for (const sent of batches) {
      sent.batch.isOnWire = false;
      sent.batch.isHeldByWire = true;
      this.#outcomes.unanswered(sent, failure);
    }
    if (failure.retriable) {
      void this.#context.cluster.metadata.refreshSoon(failure.message);
    }
  }

  #onAnswer(batches: readonly SentBatch[], answer: Answer<typeof Produce>): void {
    const { acks } = this.#context.options;
    const answers = acks === 0 ? [] : answersOf(answer.body, answer.version, batches);
    for (const [index, sent] of batches.entries()) {
      sent.batch.isOnWire = false;
      // Nobody tells when the bytes of a request without an answer have left this process.
      if (acks === 0) sent.batch.isHeldByWire = true;
      if (acks === 0) this.#outcomes.notWaitedFor(sent);
      else this.#outcomes.answered(sent, answers[index], answer);
    }
    answer.release();
  }

  /** Whole batches go on at once; others at the end of the turn, with what comes until then. */
  #afterAnswer(broker: BrokerQueue): void {
    if (broker.pending.size === 0) return;
    for (const queue of broker.pending) {
      if (!queue.hasClosedBatch) continue;
      this.#send(broker);
      return;
    }
    this.#planTurnEnd();
  }
}
