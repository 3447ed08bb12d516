import type { MessageOf, StreamsGroupTopologyValue } from "@millrace/protocol";

/** A topology as its record has it. */
export type TopologyValue = MessageOf<typeof StreamsGroupTopologyValue>;

/** A part of a topology whose tasks need each other's memory: its tasks are given out as one. */
export type Subtopology = TopologyValue["subtopologies"][number];

/**
 * A topic that a subtopology needs and that the broker makes; 0 partitions: as many as it needs.
 */
export type InternalTopicInfo = Subtopology["repartitionSourceTopics"][number];

/** What an application computes: subtopologies, and the topics between them. Never changed. */
export class StreamsTopology {
  readonly value: TopologyValue;
  /** The subtopology that reads a topic, by the topic's name. */
  readonly readers: ReadonlyMap<string, Subtopology>;
  /** All topics that must be there; ascending. */
  readonly requiredTopics: readonly string[];
  readonly #fingerprint: string;

  constructor(value: TopologyValue) {
    this.value = value;
    const readers = new Map<string, Subtopology>();
    const required = new Set<string>();
    for (const subtopology of value.subtopologies) {
      for (const name of inputTopics(subtopology)) {
        readers.set(name, subtopology);
        required.add(name);
      }
      for (const { name } of subtopology.stateChangelogTopics) required.add(name);
    }
    this.readers = readers;
    this.requiredTopics = [...required].sort();
    this.#fingerprint = fingerprint(value);
  }

  get epoch(): number {
    return this.value.epoch;
  }

  /** Whether both say the same, in whatever order they name their subtopologies. */
  equals(other: StreamsTopology): boolean {
    return this.#fingerprint === other.#fingerprint;
  }
}

/** The topics that a subtopology reads: sources, and what other subtopologies write for it. */
export function inputTopics(subtopology: Subtopology): readonly string[] {
  const { sourceTopics, repartitionSourceTopics } = subtopology;
  return [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)];
}

function fingerprint({ epoch, subtopologies }: TopologyValue): string {
  const sorted = subtopologies.map(subtopologyFacts).sort();
  return JSON.stringify([epoch, sorted]);
}

function subtopologyFacts(subtopology: Subtopology): string {
  return JSON.stringify([
    subtopology.subtopologyId,
    subtopology.sourceTopics,
    subtopology.sourceTopicRegex,
    subtopology.repartitionSinkTopics,
    subtopology.repartitionSourceTopics.map(topicFacts),
    subtopology.stateChangelogTopics.map(topicFacts),
    subtopology.copartitionGroups.map((group) => [
      group.sourceTopics,
      group.sourceTopicRegex,
      group.repartitionSourceTopics,
    ]),
  ]);
}

function topicFacts({ name, partitions, replicationFactor, topicConfigs }: InternalTopicInfo) {
  const configs = topicConfigs.map(({ key, value }) => [key, value]);
  return [name, partitions, replicationFactor, configs];
}
