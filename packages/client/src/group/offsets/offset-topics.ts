import { errorName, type Uuid, ZERO_UUID } from "@millrace/protocol";
import { KafkaError } from "../../errors/kafka-error.ts";
import type { MetadataCache } from "../../metadata/metadata-cache.ts";

/** From this version on OffsetCommit and OffsetFetch name topics by id. */
export const TOPIC_ID_VERSION = 10;

/** How to name topics in a request, and to know them again in its answer. */
export class OffsetTopics {
  readonly #metadata: Pick<MetadataCache, "topic">;
  readonly #nameById = new Map<Uuid, string>();
  readonly #idByName = new Map<string, Uuid>();

  constructor(metadata: Pick<MetadataCache, "topic">, topics: Iterable<string>) {
    this.#metadata = metadata;
    for (const topic of topics) this.#learn(topic);
  }

  /** The newest version that can be spoken: without every id none that needs ids. */
  maxVersion(topics: readonly string[]): number | undefined {
    return topics.every((topic) => this.#idByName.has(topic)) ? undefined : TOPIC_ID_VERSION - 1;
  }

  /** Names a topic as a version does. */
  inRequest(
    topic: string,
    version: number,
  ): { readonly name: string } | { readonly topicId: Uuid } {
    if (version < TOPIC_ID_VERSION) return { name: topic };
    return { topicId: this.#idByName.get(topic) ?? ZERO_UUID };
  }

  /** The name of a topic in an answer. */
  inAnswer(topic: { readonly name: string; readonly topicId: Uuid }): string {
    return topic.name === "" ? (this.#nameById.get(topic.topicId) ?? "") : topic.name;
  }

  #learn(topic: string): void {
    const id = this.#metadata.topic(topic)?.id;
    if (id === undefined || id === ZERO_UUID) return;
    this.#idByName.set(topic, id);
    this.#nameById.set(id, topic);
  }
}

/** Gives the error of one partition in an answer; undefined when it has none. */
export function partitionError(
  errorCode: number,
  place: {
    readonly api: string;
    readonly group: string;
    readonly topic: string;
    readonly partition: number;
  },
): KafkaError | undefined {
  if (errorCode === 0) return undefined;
  const what = place.api === "OffsetCommit" ? "an offset was not committed" : "no offset was given";
  return new KafkaError(errorName(errorCode), what, place);
}
