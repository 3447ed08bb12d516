import type { Counter, Metrics } from "@millrace/platform";

/** What of a topic, or of all topics, is counted. */
interface TrafficCounters {
  readonly messagesIn: Counter;
  readonly bytesIn: Counter;
  readonly bytesOut: Counter;
  readonly produceRequests: Counter;
  readonly fetchRequests: Counter;
  readonly failedProduceRequests: Counter;
  readonly failedFetchRequests: Counter;
}

/** The traffic of one topic, counted for it and for the broker. */
export class TopicTraffic {
  readonly #topic: TrafficCounters;
  readonly #broker: TrafficCounters;

  constructor(topic: TrafficCounters, broker: TrafficCounters) {
    this.#topic = topic;
    this.#broker = broker;
  }

  /** Notes an attempt to append to a partition. */
  produced(messageCount: number, sizeBytes: number): void {
    this.#topic.produceRequests.add(1);
    this.#topic.messagesIn.add(messageCount);
    this.#topic.bytesIn.add(sizeBytes);
    this.#broker.produceRequests.add(1);
    this.#broker.messagesIn.add(messageCount);
    this.#broker.bytesIn.add(sizeBytes);
  }

  /** Notes an append that failed for a fault of ours (a refusal is no failure). */
  produceFailed(): void {
    this.#topic.failedProduceRequests.add(1);
    this.#broker.failedProduceRequests.add(1);
  }

  /** Notes a partition's part of a Fetch. */
  fetched(sizeBytes: number): void {
    this.#topic.fetchRequests.add(1);
    this.#topic.bytesOut.add(sizeBytes);
    this.#broker.fetchRequests.add(1);
    this.#broker.bytesOut.add(sizeBytes);
  }

  /** Notes a read that failed. */
  fetchFailed(): void {
    this.#topic.failedFetchRequests.add(1);
    this.#broker.failedFetchRequests.add(1);
  }
}

/** The traffic of every topic, under Kafka's names of kafka.server BrokerTopicMetrics. */
export class BrokerTraffic {
  readonly #metrics: Metrics;
  readonly #broker: TrafficCounters;
  readonly #topics = new Map<string, TopicTraffic>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.#broker = createCounters(metrics, undefined);
  }

  /** The counters of a topic, made at the first call. */
  topic(name: string): TopicTraffic {
    let traffic = this.#topics.get(name);
    if (traffic === undefined) {
      traffic = new TopicTraffic(createCounters(this.#metrics, name), this.#broker);
      this.#topics.set(name, traffic);
    }
    return traffic;
  }

  /** Forgets a deleted topic. */
  remove(name: string): void {
    if (this.#topics.delete(name)) this.#metrics.remove({ topic: name });
  }
}

function createCounters(metrics: Metrics, topic: string | undefined): TrafficCounters {
  const labels = topic === undefined ? {} : { labels: { topic } };
  const counter = (attribute: string, help: string): Counter =>
    metrics.counter({
      name: `kafka_server_BrokerTopicMetrics_${attribute}_total`,
      help,
      ...labels,
    });
  return {
    messagesIn: counter("MessagesInPerSec", "Records appended."),
    bytesIn: counter("BytesInPerSec", "Bytes appended."),
    bytesOut: counter("BytesOutPerSec", "Bytes of records given to consumers."),
    produceRequests: counter("TotalProduceRequestsPerSec", "Appends asked for, by partition."),
    fetchRequests: counter("TotalFetchRequestsPerSec", "Reads asked for, by partition."),
    failedProduceRequests: counter("FailedProduceRequestsPerSec", "Appends that failed."),
    failedFetchRequests: counter("FailedFetchRequestsPerSec", "Reads that failed."),
  };
}
