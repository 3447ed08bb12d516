import type { Uuid } from "@millrace/protocol";

import type { ClusterImage } from "./cluster-image.ts";
import type { TopicImage } from "./topics-image.ts";

/** What differs between two images that follow one another. Sets are empty where nothing does. */
export interface ImageDelta {
  readonly topics: TopicsDelta;
  /** Brokers that registered, changed or went. */
  readonly brokers: ReadonlySet<number>;
  /** Keys (`configResourceKey`) of resources with a configuration set, changed or removed. */
  readonly configs: ReadonlySet<string>;
  /** Names of features whose level changed. */
  readonly features: ReadonlySet<string>;
  /** Whether the next producer id moved. */
  readonly hasProducerIds: boolean;
  /** Whether client quotas, SCRAM credentials, ACLs or delegation tokens changed. */
  readonly clientQuotas: boolean;
  readonly scramCredentials: boolean;
  readonly acls: boolean;
  readonly delegationTokens: boolean;
}

/** What differs in topics. A topic deleted and made again under its name is in both lists. */
export interface TopicsDelta {
  /** As they are in the newer image. */
  readonly created: readonly TopicImage[];
  /** As they were in the older image. */
  readonly deleted: readonly TopicImage[];
  /** Topics of both images, by id, with the partitions that changed or were added. */
  readonly changed: ReadonlyMap<Uuid, TopicChange>;
}

/** A topic of both images. */
export interface TopicChange {
  readonly before: TopicImage;
  readonly after: TopicImage;
  readonly partitions: ReadonlySet<number>;
}

/** One step from image to image, as listeners get it. */
export interface MetadataUpdate {
  readonly before: ClusterImage;
  readonly image: ClusterImage;
  readonly delta: ImageDelta;
}

/**
 * Is told of every new image, in order, once what it contains is committed. It acts on the delta
 * before it returns or starts work of its own; it must not throw.
 */
export interface MetadataListener {
  onMetadata(update: MetadataUpdate): void;
}
