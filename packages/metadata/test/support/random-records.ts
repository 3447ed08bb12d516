import type { Uuid } from "@millrace/protocol";
import fc from "fast-check";

import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { idOf } from "./decisions.ts";

/** What the generator knows of the state, so that records fit what came before. */
interface World {
  readonly topics: Map<Uuid, number>;
  readonly brokers: Map<number, number>;
  nextId: number;
}

type Step = (world: World, pick: number) => readonly MetadataRecord[];

/**
 * Gives runs of batches of records as a cluster would write them: every kind of record, each
 * fitting the state that the ones before it made.
 */
export function randomBatches(): fc.Arbitrary<readonly (readonly MetadataRecord[])[]> {
  const choice = fc.tuple(fc.nat(), fc.nat());
  const batch = fc.array(choice, { minLength: 1, maxLength: 6 });
  return fc.array(batch, { maxLength: 25 }).map((batches) => {
    const world: World = { topics: new Map(), brokers: new Map(), nextId: 1 };
    const made = batches.map((choices) =>
      choices.flatMap(([kind, pick]) => steps[kind % steps.length]?.(world, pick) ?? []),
    );
    return made.filter((records) => records.length > 0);
  });
}

const names = ["a", "b.c", "orders", "ümlaut"];
const features = [{ name: "metadata.version", minSupportedVersion: 7, maxSupportedVersion: 30 }];
const endPoints = [{ name: "PLAINTEXT", host: "h", port: 9_092, securityProtocol: 0 }];

const steps: readonly Step[] = [
  createTopic,
  createTopic,
  changePartition,
  changePartition,
  removeTopic,
  registerBroker,
  changeBroker,
  unregisterBroker,
  setConfig,
  setConfig,
  setFeature,
  (_world, pick) => [
    {
      type: "ProducerIdsRecord",
      version: 0,
      data: { brokerId: 1, brokerEpoch: 1, nextProducerId: BigInt(pick) },
    },
  ],
  setQuota,
  setScram,
  setAcl,
  setToken,
  (_world, pick) => [registerController(pick)],
  () => [{ type: "NoOpRecord", version: 0, data: {} }],
];

function createTopic(world: World, pick: number): readonly MetadataRecord[] {
  const topicId = idOf(world.nextId);
  const name = `topic-${world.nextId}`;
  world.nextId += 1;
  const partitionCount = 1 + (pick % 3);
  world.topics.set(topicId, partitionCount);
  const partitions = Array.from(
    { length: partitionCount },
    (_, partitionId): MetadataRecord => ({
      type: "PartitionRecord",
      version: 2,
      data: {
        partitionId,
        topicId,
        replicas: [1, 2],
        isr: [1],
        removingReplicas: [],
        addingReplicas: [],
        leader: 1,
        leaderRecoveryState: pick % 2,
        leaderEpoch: pick % 100,
        partitionEpoch: pick % 50,
        directories: [idOf(1), idOf(2)],
        eligibleLeaderReplicas: pick % 3 === 0 ? [2] : null,
        lastKnownElr: null,
      },
    }),
  );
  return [{ type: "TopicRecord", version: 0, data: { name, topicId } }, ...partitions];
}

function changePartition(world: World, pick: number): readonly MetadataRecord[] {
  const [topicId, count = 1] = entryAt(world.topics, pick) ?? [];
  if (topicId === undefined) return [];
  return [
    {
      type: "PartitionChangeRecord",
      version: 2,
      data: {
        partitionId: pick % count,
        topicId,
        isr: pick % 2 === 0 ? [] : null,
        leader: [-2, -1, 1, 2][pick % 4] ?? -2,
        replicas: pick % 5 === 0 ? [2, 3] : null,
        removingReplicas: null,
        addingReplicas: pick % 7 === 0 ? [3] : null,
        leaderRecoveryState: (pick % 3) - 1,
        directories: pick % 5 === 0 ? [idOf(2), idOf(3)] : null,
        eligibleLeaderReplicas: pick % 6 === 0 ? [2] : null,
        lastKnownElr: pick % 9 === 0 ? [1] : null,
      },
    },
  ];
}

function removeTopic(world: World, pick: number): readonly MetadataRecord[] {
  const [topicId] = entryAt(world.topics, pick) ?? [];
  if (topicId === undefined) return [];
  world.topics.delete(topicId);
  return [{ type: "RemoveTopicRecord", version: 0, data: { topicId } }];
}

function registerBroker(world: World, pick: number): readonly MetadataRecord[] {
  const brokerId = pick % 4;
  const brokerEpoch = world.nextId++;
  world.brokers.set(brokerId, brokerEpoch);
  return [
    {
      type: "RegisterBrokerRecord",
      version: 4,
      data: {
        brokerId,
        isMigratingZkBroker: false,
        incarnationId: idOf(brokerEpoch),
        brokerEpoch,
        endPoints,
        features,
        rack: pick % 2 === 0 ? null : "rack",
        fenced: true,
        inControlledShutdown: false,
        logDirs: [idOf(brokerId)],
        cordonedLogDirs: pick % 3 === 0 ? null : [],
      },
    },
  ];
}

function changeBroker(world: World, pick: number): readonly MetadataRecord[] {
  const [brokerId, brokerEpoch] = entryAt(world.brokers, pick) ?? [];
  if (brokerId === undefined || brokerEpoch === undefined) return [];
  return [
    {
      type: "BrokerRegistrationChangeRecord",
      version: 3,
      data: {
        brokerId,
        brokerEpoch,
        fenced: (pick % 3) - 1,
        inControlledShutdown: pick % 2,
        logDirs: pick % 5 === 0 ? [idOf(9)] : [],
        cordonedLogDirs: pick % 4 === 0 ? [idOf(9)] : null,
      },
    },
  ];
}

function unregisterBroker(world: World, pick: number): readonly MetadataRecord[] {
  const [brokerId, brokerEpoch] = entryAt(world.brokers, pick) ?? [];
  if (brokerId === undefined || brokerEpoch === undefined) return [];
  world.brokers.delete(brokerId);
  return [{ type: "UnregisterBrokerRecord", version: 0, data: { brokerId, brokerEpoch } }];
}

function setConfig(_world: World, pick: number): readonly MetadataRecord[] {
  const resourceType = [2, 4, 16, 32][pick % 4] ?? 2;
  const name = names[pick % 3] ?? "a";
  const resourceName = names[(pick >> 2) % 4] ?? "";
  const value = pick % 5 === 0 ? null : String(pick);
  return [{ type: "ConfigRecord", version: 0, data: { resourceType, resourceName, name, value } }];
}

function setFeature(_world: World, pick: number): readonly MetadataRecord[] {
  const data = { name: "share.version", featureLevel: pick % 2 };
  return [{ type: "FeatureLevelRecord", version: 0, data }];
}

function setQuota(_world: World, pick: number): readonly MetadataRecord[] {
  const entity = [
    { entityType: "user", entityName: pick % 2 === 0 ? null : "u" },
    { entityType: "client-id", entityName: "c" },
  ];
  const ordered = pick % 3 === 0 ? entity : entity.toReversed();
  const data = { entity: ordered, key: "producer_byte_rate", value: pick, remove: pick % 4 === 0 };
  return [{ type: "ClientQuotaRecord", version: 0, data }];
}

function setScram(_world: World, pick: number): readonly MetadataRecord[] {
  const name = names[pick % 2] ?? "a";
  const mechanism = 1 + (pick % 2);
  if (pick % 5 === 0) {
    return [{ type: "RemoveUserScramCredentialRecord", version: 0, data: { name, mechanism } }];
  }
  const bytes = Buffer.from(String(pick));
  const data = { name, mechanism, salt: bytes, storedKey: bytes, serverKey: bytes, iterations: 1 };
  return [{ type: "UserScramCredentialRecord", version: 0, data }];
}

function setAcl(_world: World, pick: number): readonly MetadataRecord[] {
  const id = idOf(pick % 5);
  if (pick % 3 === 0) return [{ type: "RemoveAccessControlEntryRecord", version: 0, data: { id } }];
  const data = {
    id,
    resourceType: 2,
    resourceName: "orders",
    patternType: 3,
    principal: "User:a",
    host: "*",
    operation: 3,
    permissionType: 3,
  };
  return [{ type: "AccessControlEntryRecord", version: 0, data }];
}

function setToken(_world: World, pick: number): readonly MetadataRecord[] {
  const tokenId = String(pick % 4);
  if (pick % 3 === 0) {
    return [{ type: "RemoveDelegationTokenRecord", version: 0, data: { tokenId } }];
  }
  const data = {
    owner: "User:a",
    requester: "User:a",
    renewers: ["User:b"],
    issueTimestamp: pick,
    maxTimestamp: pick + 1,
    expirationTimestamp: pick + 1,
    tokenId,
  };
  return [{ type: "DelegationTokenRecord", version: 0, data }];
}

function registerController(pick: number): MetadataRecord {
  const controllerId = pick % 2;
  const incarnationId = idOf(pick);
  const data = { controllerId, incarnationId, zkMigrationReady: false, endPoints, features };
  return { type: "RegisterControllerRecord", version: 0, data };
}

function entryAt<Key, Value>(map: ReadonlyMap<Key, Value>, pick: number): [Key, Value] | undefined {
  const entries = [...map];
  return entries[pick % Math.max(entries.length, 1)];
}
