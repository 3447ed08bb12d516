import type { Cluster } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import type { TopicPartition } from "../group/membership.ts";
import { AssignedPartition, partitionKey } from "./assigned-partition.ts";
import type { RecordBuffer } from "./record-buffer.ts";

/** What the assignment is kept with. */
export interface AssignmentContext<K, V> {
  readonly cluster: Cluster;
  readonly buffer: RecordBuffer<K, V>;
  readonly allowAutoCreateTopics: boolean;
  /** Called when there is something new to fetch. */
  readonly onChange: () => void;
}

/** The partitions that a consumer reads, with their topics kept known. */
export class Assignment<K, V> {
  readonly partitions = new Map<string, AssignedPartition<K, V>>();
  readonly #context: AssignmentContext<K, V>;
  readonly #keeps = new Map<string, () => void>();

  constructor(context: AssignmentContext<K, V>) {
    this.#context = context;
  }

  /**
   * A partition of the assignment.
   * @throws KafkaError ILLEGAL_STATE when it is none
   */
  get(place: TopicPartition): AssignedPartition<K, V> {
    const found = this.partitions.get(partitionKey(place));
    if (found !== undefined) return found;
    const { topic, partition } = place;
    throw new KafkaError("ILLEGAL_STATE", "the partition is not assigned", { topic, partition });
  }

  /** Those that are named, or all. @throws KafkaError ILLEGAL_STATE when one is not assigned */
  pick(places: readonly TopicPartition[] | undefined): readonly AssignedPartition<K, V>[] {
    if (places === undefined) return [...this.partitions.values()];
    return places.map((place) => this.get(place));
  }

  /** Adds partitions, without a position; those that it has are left alone. Gives the new ones. */
  add(places: readonly TopicPartition[]): readonly AssignedPartition<K, V>[] {
    const added: AssignedPartition<K, V>[] = [];
    for (const place of places) {
      const key = partitionKey(place);
      const known = this.partitions.get(key);
      // One that is still being given up comes back as another: its end must not end this one.
      if (known !== undefined && !known.isLeaving) continue;
      const partition = new AssignedPartition<K, V>(place);
      this.partitions.set(key, partition);
      added.push(partition);
    }
    this.#learnTopics(added);
    return added;
  }

  /** Those of the given ones that are assigned. */
  known(places: readonly TopicPartition[]): readonly AssignedPartition<K, V>[] {
    return places
      .map((place) => this.partitions.get(partitionKey(place)))
      .filter((partition) => partition !== undefined);
  }

  /** Hands nothing more out of these, and drops what is buffered of them. */
  leave(partitions: readonly AssignedPartition<K, V>[]): void {
    for (const partition of partitions) {
      partition.isLeaving = true;
      this.#context.buffer.drop(partition);
    }
  }

  /** Gives partitions up. */
  remove(partitions: readonly AssignedPartition<K, V>[]): void {
    this.leave(partitions);
    for (const partition of partitions) {
      partition.isAssigned = false;
      if (this.partitions.get(partition.key) === partition) this.partitions.delete(partition.key);
    }
    const topics = new Set([...this.partitions.values()].map(({ topic }) => topic));
    for (const [topic, release] of this.#keeps) {
      if (topics.has(topic)) continue;
      release();
      this.#keeps.delete(topic);
    }
  }

  #learnTopics(added: readonly AssignedPartition<K, V>[]): void {
    const { cluster, buffer, allowAutoCreateTopics, onChange } = this.#context;
    const names = [...new Set(added.map(({ topic }) => topic))];
    if (names.length === 0) return;
    for (const name of names) {
      if (!this.#keeps.has(name)) this.#keeps.set(name, cluster.metadata.keep([name]));
    }
    const options = { allowAutoCreate: allowAutoCreateTopics, signal: cluster.closed };
    cluster.metadata.load(names, options).then(
      (topics) => {
        for (const topic of topics.values()) {
          // What comes with time is waited for; what does not, the application hears.
          if (topic instanceof KafkaError && !topic.retriable) buffer.fail(topic);
        }
        onChange();
      },
      (error: unknown) => {
        if (error instanceof KafkaError && error.fatal) buffer.fail(error);
        onChange();
      },
    );
  }
}
