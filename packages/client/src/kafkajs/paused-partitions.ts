import { KafkaJSNonRetriableError } from "./errors.ts";
import type { TopicPartition, TopicPartitions } from "./types.ts";

/** Which partitions are paused, whoever has them: it outlives rebalances. */
export class PausedPartitions {
  /** Whole topics, and single partitions with what they were told after their topic was. */
  readonly #topics = new Set<string>();
  readonly #partitions = new Map<string, boolean>();

  /** Pauses, or resumes. @throws KafkaJSNonRetriableError for what names no partitions */
  set(
    given: readonly { topic: string; partitions?: readonly number[] }[],
    isPaused: boolean,
  ): void {
    for (const { topic, partitions } of given) check(topic, partitions);
    for (const { topic, partitions } of given) {
      if (partitions === undefined) this.#setTopic(topic, isPaused);
      else for (const one of partitions) this.#partitions.set(`${topic}-${one}`, isPaused);
    }
  }

  has({ topic, partition }: TopicPartition): boolean {
    return this.#partitions.get(`${topic}-${partition}`) ?? this.#topics.has(topic);
  }

  /** Those of a list that are paused, topic by topic. */
  among(partitions: readonly TopicPartition[]): TopicPartitions[] {
    const paused = partitions.filter((one) => this.has(one));
    return [...Map.groupBy(paused, ({ topic }) => topic)].map(([topic, some]) => ({
      topic,
      partitions: some.map(({ partition }) => partition),
    }));
  }

  #setTopic(topic: string, isPaused: boolean): void {
    if (isPaused) this.#topics.add(topic);
    else this.#topics.delete(topic);
    for (const key of this.#partitions.keys()) {
      if (key.slice(0, key.lastIndexOf("-")) === topic) this.#partitions.delete(key);
    }
  }
}

function check(topic: string, partitions: readonly number[] | undefined): void {
  if (!topic) throw new KafkaJSNonRetriableError(`Invalid topic ${topic}`);
  const isList = partitions === undefined || Array.isArray(partitions);
  if (isList && !partitions?.some((one) => !Number.isInteger(one))) return;
  const what = "Array of valid partitions required to pause specific partitions instead of";
  throw new KafkaJSNonRetriableError(`${what} ${String(partitions)}`);
}
