import type { ClusterImage } from "./cluster-image.ts";

/** The image before the first record. */
export const emptyImage: ClusterImage = {
  provenance: { lastContainedOffset: -1, lastContainedEpoch: -1, lastContainedTimestampMs: -1 },
  features: { metadataVersion: 0, levels: new Map() },
  brokers: new Map(),
  controllers: new Map(),
  topics: { byId: new Map(), byName: new Map() },
  configs: new Map(),
  nextProducerId: 0n,
  clientQuotas: new Map(),
  scramCredentials: new Map(),
  acls: new Map(),
  delegationTokens: new Map(),
};
