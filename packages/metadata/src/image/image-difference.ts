import type { ClusterImage } from "./cluster-image.ts";
import type { MetadataUpdate, TopicChange, TopicsDelta } from "./image-delta.ts";
import type { TopicsImage } from "./topics-image.ts";

/**
 * Gives the step from one image to any later one, by comparing what they do not share. For a
 * listener that joins late, and for a snapshot that replaces an image.
 */
export function imageDifference(before: ClusterImage, image: ClusterImage): MetadataUpdate {
  const features = changedKeys(before.features.levels, image.features.levels);
  if (before.features.metadataVersion !== image.features.metadataVersion) {
    features.add("metadata.version");
  }
  return {
    before,
    image,
    delta: {
      topics: topicsDifference(before.topics, image.topics),
      brokers: changedKeys(before.brokers, image.brokers),
      configs: changedKeys(before.configs, image.configs),
      features,
      hasProducerIds: before.nextProducerId !== image.nextProducerId,
      clientQuotas: changedKeys(before.clientQuotas, image.clientQuotas).size > 0,
      scramCredentials: changedKeys(before.scramCredentials, image.scramCredentials).size > 0,
      acls: changedKeys(before.acls, image.acls).size > 0,
      delegationTokens: changedKeys(before.delegationTokens, image.delegationTokens).size > 0,
    },
  };
}

function topicsDifference(before: TopicsImage, after: TopicsImage): TopicsDelta {
  const changed = new Map<TopicChange["after"]["id"], TopicChange>();
  for (const topic of after.byId.values()) {
    const earlier = before.byId.get(topic.id);
    if (earlier === undefined || earlier === topic) continue;
    const partitions = new Set<number>();
    for (const [index, partition] of topic.partitions.entries()) {
      if (earlier.partitions[index] !== partition) partitions.add(index);
    }
    changed.set(topic.id, { before: earlier, after: topic, partitions });
  }
  return {
    created: [...after.byId.values()].filter(({ id }) => !before.byId.has(id)),
    deleted: [...before.byId.values()].filter(({ id }) => !after.byId.has(id)),
    changed,
  };
}

function changedKeys<Key, Value>(
  before: ReadonlyMap<Key, Value>,
  after: ReadonlyMap<Key, Value>,
): Set<Key> {
  const keys = new Set<Key>();
  if (before === after) return keys;
  for (const [key, value] of after) if (before.get(key) !== value) keys.add(key);
  for (const key of before.keys()) if (!after.has(key)) keys.add(key);
  return keys;
}
