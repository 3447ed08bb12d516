import { SimRandom } from "@millrace/platform/sim";
import type { Uuid } from "@millrace/protocol";

import { defaultBootstrapRecords } from "../../src/controller/activation.ts";
import type { Decision, DecisionContext } from "../../src/controller/decision.ts";
import type { ConfigValidator, CreatableTopic } from "../../src/controller/requests.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { ImageBuilder } from "../../src/image/image-builder.ts";
import { registerBroker } from "../../src/image/image-records.ts";
import type { BrokerRegistration } from "../../src/image/registrations.ts";
import {
  kraftVersionFeature,
  metadataFormatOf,
  supportedFeatures,
} from "../../src/records/feature-levels.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";

/** A validator that knows one list, `cleanup.policy`, and refuses the value "bad". */
export const laxValidator: ConfigValidator = {
  isList: (_resource, name) => name === "cleanup.policy",
  inheritedValue: (_resource, name) => (name === "cleanup.policy" ? "delete" : undefined),
  validate: (_resource, after) => {
    for (const [name, value] of after) {
      if (value === "bad") return { error: "INVALID_CONFIG", errorMessage: `${name} is bad` };
    }
    return undefined;
  },
};

/** Gives a context to decide in, with a chance that a seed repeats. */
export function contextOf(
  image: ClusterImage,
  overrides: Partial<DecisionContext> = {},
): DecisionContext {
  return {
    image,
    nextOffset: image.provenance.lastContainedOffset + 1,
    clusterId: "test-cluster",
    random: new SimRandom(image.provenance.lastContainedOffset + 2),
    defaults: {
      numPartitions: 1,
      replicationFactor: 1,
      minInsyncReplicas: 1,
      isUncleanElectionEnabled: false,
    },
    configValidator: laxValidator,
    ...overrides,
  };
}

/** Gives the image after some records. */
export function imageAfter(image: ClusterImage, records: Iterable<MetadataRecord>): ClusterImage {
  const builder = new ImageBuilder(image);
  let offset = image.provenance.lastContainedOffset;
  for (const record of records) {
    builder.apply(record);
    offset += 1;
  }
  const provenance = {
    lastContainedOffset: offset,
    lastContainedEpoch: 1,
    lastContainedTimestampMs: 0,
  };
  return builder.build(provenance).image;
}

/** Decides and applies; throws when the decision refuses the request. */
export function decideOn<T>(
  image: ClusterImage,
  decide: (context: DecisionContext) => Decision<T>,
  overrides: Partial<DecisionContext> = {},
): {
  readonly image: ClusterImage;
  readonly value: T;
  readonly records: readonly MetadataRecord[];
} {
  const { records, answer } = decide(contextOf(image, overrides));
  if (answer.kind === "refused") throw new Error(`${answer.error}: ${answer.message}`);
  return { image: imageAfter(image, records), value: answer.value, records };
}

/** Gives an id made of a number, other than the reserved ones. */
export function idOf(number: number): Uuid {
  const bytes = Buffer.alloc(16, 0x40);
  bytes.writeUInt32BE(number, 12);
  return bytes.toString("base64url") as Uuid;
}

/** Gives a registration of an unfenced broker with one log directory. */
export function brokerOf(
  id: number,
  overrides: Partial<BrokerRegistration> = {},
): BrokerRegistration {
  return {
    id,
    epoch: id,
    incarnationId: idOf(1_000 + id),
    endpoints: [{ name: "PLAINTEXT", host: "127.0.0.1", port: 9_092, securityProtocol: 0 }],
    features: [...supportedFeatures, kraftVersionFeature],
    rack: null,
    isFenced: false,
    isInControlledShutdown: false,
    logDirs: [idOf(2_000 + id)],
    cordonedLogDirs: [],
    ...overrides,
  };
}

/** Gives an image with every feature at its newest level and some brokers. */
export function clusterOf(...brokers: readonly BrokerRegistration[]): ClusterImage {
  const format = metadataFormatOf(30);
  return imageAfter(emptyImage, [
    ...defaultBootstrapRecords(),
    ...brokers.map((broker) => registerBroker(broker, format)),
  ]);
}

/** Gives a topic as CreateTopics asks for it. */
export function topicOf(name: string, overrides: Partial<CreatableTopic> = {}): CreatableTopic {
  return {
    name,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: [],
    ...overrides,
  };
}
