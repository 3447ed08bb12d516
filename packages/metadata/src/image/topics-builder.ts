import type { Uuid } from "@millrace/protocol";

import { MetadataReplayError } from "../metadata-errors.ts";
import type { MetadataRecordData } from "../records/metadata-record.ts";
import type { TopicChange, TopicsDelta } from "./image-delta.ts";
import { LazyMap } from "./lazy-map.ts";
import { partitionAfterChange, partitionFromRecord } from "./partition-records.ts";
import type { PartitionImage, TopicImage, TopicsImage } from "./topics-image.ts";

interface OpenTopic {
  readonly name: string;
  readonly id: Uuid;
  readonly partitions: PartitionImage[];
  /** Partitions that changed; all that a topic without `before` has. */
  readonly changed: Set<number>;
  /** The topic in the older image; undefined when it is new. */
  readonly before: TopicImage | undefined;
}

/** Makes a `TopicsImage` and its delta from the one before and the records that follow. */
export class TopicsBuilder {
  readonly #before: TopicsImage;
  readonly #byId: LazyMap<Uuid, TopicImage>;
  readonly #byName: LazyMap<string, TopicImage>;
  readonly #open = new Map<Uuid, OpenTopic>();
  readonly #deleted: TopicImage[] = [];

  constructor(before: TopicsImage) {
    this.#before = before;
    this.#byId = new LazyMap(before.byId);
    this.#byName = new LazyMap(before.byName);
  }

  create(data: MetadataRecordData["TopicRecord"]): void {
    if (this.#byId.get(data.topicId) !== undefined) {
      throw new MetadataReplayError(`topic id ${data.topicId} is there already`);
    }
    const topic = { name: data.name, id: data.topicId, partitions: [] };
    this.#byId.set(topic.id, topic);
    this.#byName.set(topic.name, topic);
    this.#open.set(topic.id, { ...topic, partitions: [], changed: new Set(), before: undefined });
  }

  /** Returns the topic that is gone. */
  remove(topicId: Uuid): TopicImage {
    const topic = this.#byId.get(topicId);
    if (topic === undefined) throw unknownTopic(topicId);
    this.#byId.delete(topicId);
    if (this.#byName.get(topic.name)?.id === topicId) this.#byName.delete(topic.name);
    this.#open.delete(topicId);
    const before = this.#before.byId.get(topicId);
    if (before !== undefined) this.#deleted.push(before);
    return topic;
  }

  setPartition(data: MetadataRecordData["PartitionRecord"]): void {
    const topic = this.#openTopic(data.topicId);
    if (data.partitionId < 0 || data.partitionId > topic.partitions.length) {
      throw new MetadataReplayError(
        `partition ${data.partitionId} of ${topic.name} does not follow ${topic.partitions.length}`,
      );
    }
    topic.partitions[data.partitionId] = partitionFromRecord(data);
    topic.changed.add(data.partitionId);
  }

  changePartition(data: MetadataRecordData["PartitionChangeRecord"]): void {
    const topic = this.#openTopic(data.topicId);
    const before = topic.partitions[data.partitionId];
    if (before === undefined) {
      throw new MetadataReplayError(`topic ${topic.name} has no partition ${data.partitionId}`);
    }
    topic.partitions[data.partitionId] = partitionAfterChange(before, data);
    topic.changed.add(data.partitionId);
  }

  /** Forgets the eligible leader replicas of a topic, or of all with "" (KIP-966). */
  clearElr(topicName: string): void {
    const names = topicName === "" ? [...this.#byName.build().keys()] : [topicName];
    for (const name of names) {
      const id = this.#byName.get(name)?.id;
      if (id === undefined) throw new MetadataReplayError(`topic ${name} is not there`);
      const topic = this.#openTopic(id);
      topic.partitions.forEach((partition, index) => {
        if (partition.elr.length === 0 && partition.lastKnownElr.length === 0) return;
        topic.partitions[index] = { ...partition, elr: [], lastKnownElr: [] };
        topic.changed.add(index);
      });
    }
  }

  /** Closes the builder and gives the image and what differs. */
  build(): { readonly topics: TopicsImage; readonly delta: TopicsDelta } {
    const created: TopicImage[] = [];
    const changed = new Map<Uuid, TopicChange>();
    for (const { name, id, partitions, before, changed: indexes } of this.#open.values()) {
      if (before !== undefined && indexes.size === 0) continue;
      const topic: TopicImage = { name, id, partitions };
      this.#byId.set(id, topic);
      this.#byName.set(name, topic);
      if (before === undefined) created.push(topic);
      else changed.set(id, { before, after: topic, partitions: indexes });
    }
    const topics = this.#byId.isChanged
      ? { byId: this.#byId.build(), byName: this.#byName.build() }
      : this.#before;
    return { topics, delta: { created, deleted: this.#deleted, changed } };
  }

  #openTopic(topicId: Uuid): OpenTopic {
    const open = this.#open.get(topicId);
    if (open !== undefined) return open;
    const before = this.#byId.get(topicId);
    if (before === undefined) throw unknownTopic(topicId);
    const { name, id, partitions } = before;
    const topic = { name, id, partitions: [...partitions], changed: new Set<number>(), before };
    this.#open.set(topicId, topic);
    return topic;
  }
}

function unknownTopic(topicId: Uuid): MetadataReplayError {
  return new MetadataReplayError(`topic id ${topicId} is not there`);
}
