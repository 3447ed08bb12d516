import type { TopicDescription, TopicMetadata } from "@millrace/coordinators";
import type { ClusterImage, MetadataUpdate } from "@millrace/metadata";
import type { Uuid } from "@millrace/protocol";

type TopicsImage = ClusterImage["topics"];
type TopicImage = NonNullable<ReturnType<TopicsImage["byName"]["get"]>>;

/**
 * The topics as the group coordinator sees them. A view stays the same until topics change, and a
 * description until its topic does: what rests on them need not be worked out again.
 */
export class GroupTopics {
  readonly #image: () => ClusterImage;
  readonly #descriptions = new WeakMap<TopicImage, TopicDescription>();
  #topics: TopicsImage | undefined;
  #view: TopicMetadata | undefined;
  #newTopicsVersion: number | undefined;

  constructor(image: () => ClusterImage) {
    this.#image = image;
  }

  /** The topics as they are now. */
  get current(): TopicMetadata {
    const image = this.#image();
    if (this.#view === undefined || this.#topics !== image.topics) {
      this.#topics = image.topics;
      this.#view = this.#viewOf(image);
    }
    return this.#view;
  }

  onMetadata({ delta, image }: MetadataUpdate): void {
    if (delta.topics.created.length === 0) return;
    this.#newTopicsVersion = image.provenance.lastContainedOffset;
    this.#view = undefined;
  }

  #viewOf(image: ClusterImage): TopicMetadata {
    const { byName, byId } = image.topics;
    const version = image.provenance.lastContainedOffset;
    // What was there before this broker began counts as new: patterns are looked up once again.
    this.#newTopicsVersion ??= version;
    return {
      version,
      newTopicsVersion: this.#newTopicsVersion,
      byName: (name: string) => this.#describe(byName.get(name)),
      byId: (id: Uuid) => this.#describe(byId.get(id)),
      names: () => byName.keys(),
    };
  }

  #describe(topic: TopicImage | undefined): TopicDescription | undefined {
    if (topic === undefined) return undefined;
    const known = this.#descriptions.get(topic);
    if (known !== undefined) return known;
    const description: TopicDescription = {
      id: topic.id,
      name: topic.name,
      partitionCount: topic.partitions.length,
      racksOf: (partition) => this.#racksOf(topic, partition),
    };
    this.#descriptions.set(topic, description);
    return description;
  }

  #racksOf(topic: TopicImage, partition: number): readonly string[] {
    const { brokers } = this.#image();
    const racks = (topic.partitions[partition]?.replicas ?? []).flatMap((broker) => {
      const rack = brokers.get(broker)?.rack ?? null;
      return rack === null ? [] : [rack];
    });
    return [...new Set(racks)];
  }
}
