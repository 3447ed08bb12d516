import type { Uuid } from "@millrace/protocol";

/** A topic as an assignor needs to know it; an object stays the same as long as its topic does. */
export interface TopicDescription {
  readonly id: Uuid;
  readonly name: string;
  readonly partitionCount: number;
  /** The racks of a partition's replicas. */
  racksOf(partition: number): readonly string[];
}

/** The topics of the cluster, at one moment: a port that the broker fills from its metadata. */
export interface TopicMetadata {
  /** Grows with each change of the metadata. */
  readonly version: number;
  /** The version that last brought a new topic: a pattern may match it. */
  readonly newTopicsVersion: number;
  byName(name: string): TopicDescription | undefined;
  byId(id: Uuid): TopicDescription | undefined;
  names(): Iterable<string>;
}

/** A cluster without topics. */
export const NO_TOPICS: TopicMetadata = {
  version: 0,
  newTopicsVersion: 0,
  byName: () => undefined,
  byId: () => undefined,
  names: () => [],
};
