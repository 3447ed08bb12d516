import {
  acknowledgeTypes,
  type AcknowledgementBatch,
  type SharePartition,
} from "@millrace/coordinators";
import type { Counter, Histogram, MetricLabels, Metrics } from "@millrace/platform";

const shareGroupMetrics = "kafka_server_ShareGroupMetrics";
const sharePartitionMetrics = "kafka_server_SharePartitionMetrics";
const topicMetrics = "kafka_server_BrokerTopicMetrics";

/** The acknowledge types as Kafka's `ackType` label names them; a gap is not counted. */
const acknowledgeLabels = [
  [acknowledgeTypes.accept, "Accept"],
  [acknowledgeTypes.release, "Release"],
  [acknowledgeTypes.reject, "Reject"],
  [acknowledgeTypes.renew, "Renew"],
] as const;

/** What is counted of one share partition, under Kafka's names of SharePartitionMetrics. */
export class SharePartitionMetrics {
  readonly #metrics: Metrics;
  readonly #labels: MetricLabels;
  readonly #loadTime: Histogram;
  readonly #lockTimeouts: Counter;
  readonly #batchRecords: Histogram;
  readonly #fetchLockTime: Histogram;
  readonly #fetchLockRatio: Histogram;
  #lastFetchEndedMs: number | undefined;

  constructor(metrics: Metrics, labels: MetricLabels) {
    this.#metrics = metrics;
    this.#labels = labels;
    this.#loadTime = metrics.histogram({
      name: `${shareGroupMetrics}_PartitionLoadTimeMs`,
      help: "Milliseconds to read the state of a share partition.",
    });
    const named = (name: string, help: string): Parameters<Metrics["counter"]>[0] => ({
      name: `${sharePartitionMetrics}_${name}`,
      help,
      labels,
    });
    this.#lockTimeouts = metrics.counter(
      named("AcquisitionLockTimeoutPerSec_total", "Acquisition locks that ran out."),
    );
    this.#batchRecords = metrics.histogram(
      named("InFlightBatchMessageCount", "Records of an acquired range."),
    );
    this.#fetchLockTime = metrics.histogram(
      named("FetchLockTimeMs", "Milliseconds for which one fetch kept others out."),
    );
    this.#fetchLockRatio = metrics.histogram(
      named("FetchLockRatio", "Percent of the time for which a fetch kept others out."),
    );
  }

  /** The state was read: what it holds is shown from now on. */
  loaded(state: SharePartition, loadMs: number): void {
    this.#loadTime.record(loadMs);
    const gauge = (name: string, help: string, read: () => number): void =>
      this.#metrics.gauge(
        { name: `${sharePartitionMetrics}_${name}`, help, labels: this.#labels },
        read,
      );
    gauge("InFlightMessageCount", "Records in flight.", () => state.inFlightCount);
    gauge("InFlightBatchCount", "Ranges of records in flight.", () => state.rangeCount);
  }

  acquired(recordCount: number): void {
    this.#batchRecords.record(recordCount);
  }

  locksExpired(count: number): void {
    this.#lockTimeouts.add(count);
  }

  /** Notes a fetch's stay, both times in milliseconds of one clock. */
  fetched(startedMs: number, endedMs: number): void {
    const lockedMs = endedMs - startedMs;
    const idleMs = this.#lastFetchEndedMs === undefined ? 0 : startedMs - this.#lastFetchEndedMs;
    this.#lastFetchEndedMs = endedMs;
    this.#fetchLockTime.record(lockedMs);
    const wholeMs = lockedMs + idleMs;
    this.#fetchLockRatio.record(wholeMs <= 0 ? 100 : Math.round((lockedMs / wholeMs) * 100));
  }

  /** The share partition is not held here any more. */
  close(): void {
    this.#metrics.remove(this.#labels);
  }
}

interface TopicCounters {
  readonly fetches: Counter;
  readonly failedFetches: Counter;
  readonly acknowledgements: Counter;
  readonly failedAcknowledgements: Counter;
}

/** What is counted of share groups at their leaders, under Kafka's names where Kafka has them. */
export class ShareMetrics {
  readonly #metrics: Metrics;
  readonly #acknowledgements = new Map<number, Counter>();
  readonly #allTopics: TopicCounters;
  readonly #byTopic = new Map<string, TopicCounters>();
  readonly sessionEvictions: Counter;
  readonly expiredFetches: Counter;
  readonly deadLetters: Counter;
  readonly failedDeadLetters: Counter;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    for (const [type, ackType] of acknowledgeLabels) {
      const counter = metrics.counter({
        name: `${shareGroupMetrics}_RecordAcknowledgementsPerSec_total`,
        help: "Records acknowledged.",
        labels: { ackType },
      });
      this.#acknowledgements.set(type, counter);
    }
    this.#allTopics = topicCounters(metrics, undefined);
    this.sessionEvictions = metrics.counter({
      name: "kafka_server_ShareSessionCache_ShareSessionEvictionsPerSec_total",
      help: "Share sessions that ended with their connection.",
    });
    this.expiredFetches = metrics.counter({
      name: "kafka_server_DelayedShareFetchMetrics_ExpiresPerSec_total",
      help: "Share fetches whose time ran out.",
    });
    this.deadLetters = metrics.counter({
      name: "millrace_share_dead_letters",
      help: "Records copied to dead-letter topics.",
    });
    this.failedDeadLetters = metrics.counter({
      name: "millrace_share_dead_letter_failures",
      help: "Attempts to copy records to a dead-letter topic that failed.",
    });
  }

  /** Shows the sessions of a broker. */
  watchSessions(sessions: { readonly size: number; readonly partitionCount: number }): void {
    const cache = "kafka_server_ShareSessionCache";
    this.#metrics.gauge(
      { name: `${cache}_ShareSessionsCount`, help: "Share sessions." },
      () => sessions.size,
    );
    this.#metrics.gauge(
      { name: `${cache}_SharePartitionsCount`, help: "Partitions of share sessions." },
      () => sessions.partitionCount,
    );
  }

  /** The instruments of one share partition. */
  partition(groupId: string, topic: string, partition: number): SharePartitionMetrics {
    const labels = { group: groupId, topic, partition: String(partition) };
    return new SharePartitionMetrics(this.#metrics, labels);
  }

  acknowledged(batches: readonly AcknowledgementBatch[]): void {
    for (const { firstOffset, lastOffset, acknowledgeTypes: types } of batches) {
      const [type] = types;
      if (types.length === 1 && type !== undefined) {
        this.#acknowledgements.get(type)?.add(lastOffset - firstOffset + 1);
      } else {
        for (const each of types) this.#acknowledgements.get(each)?.add(1);
      }
    }
  }

  /** A request of a kind named a topic. */
  requested(kind: "fetches" | "acknowledgements", topic: string): void {
    this.#allTopics[kind].add(1);
    this.#topic(topic)[kind].add(1);
  }

  /** A request of a kind failed for a topic. */
  failed(kind: "failedFetches" | "failedAcknowledgements", topic: string): void {
    this.#allTopics[kind].add(1);
    this.#topic(topic)[kind].add(1);
  }

  /** Forgets a deleted topic. */
  remove(topic: string): void {
    if (this.#byTopic.delete(topic)) this.#metrics.remove({ topic });
  }

  #topic(topic: string): TopicCounters {
    let counters = this.#byTopic.get(topic);
    if (counters === undefined) {
      counters = topicCounters(this.#metrics, topic);
      this.#byTopic.set(topic, counters);
    }
    return counters;
  }
}

function topicCounters(metrics: Metrics, topic: string | undefined): TopicCounters {
  const counter = (name: string, help: string): Counter =>
    metrics.counter({
      name: `${topicMetrics}_${name}_total`,
      help,
      ...(topic === undefined ? {} : { labels: { topic } }),
    });
  return {
    fetches: counter("TotalShareFetchRequestsPerSec", "Share fetches."),
    failedFetches: counter("FailedShareFetchRequestsPerSec", "Share fetches that failed."),
    acknowledgements: counter(
      "TotalShareAcknowledgementRequestsPerSec",
      "Requests that acknowledge records.",
    ),
    failedAcknowledgements: counter(
      "FailedShareAcknowledgementRequestsPerSec",
      "Requests that acknowledge records and failed.",
    ),
  };
}
