import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  messageCodec,
} from "@millrace/protocol";
import type { GroupRequest } from "../../src/group/index.ts";
import type { Command } from "./command.ts";
import { streamsHeartbeat } from "./streams-requests.ts";
import type { World } from "./world.ts";

type Options = Command["options"];

/** Makes the request that a client's command stands for. */
export function requestOf(world: World, { words, options }: Command): GroupRequest {
  const [verb = "", groupId = ""] = isVerb(words[0]) ? words : words.slice(1);
  const make = builders[verb];
  if (make === undefined) throw new Error(`no such command: ${verb}`);
  return make({ world, groupId: groupId === '""' ? "" : groupId, options });
}

/** Whether a command begins with what is asked, not with who asks. */
export function isVerb(word: string | undefined): boolean {
  return word !== undefined && Object.hasOwn(builders, word);
}

interface Source {
  readonly world: World;
  readonly groupId: string;
  readonly options: Options;
}

const builders: Record<string, (source: Source) => GroupRequest> = {
  join,
  sync,
  heartbeat: ({ world, groupId, options }) => ({
    kind: "heartbeat",
    groupId,
    ...identity(world, options),
    generationId: number(options, "generation", 1),
  }),
  leave: ({ world, groupId, options }) => ({
    kind: "leave-group",
    groupId,
    members: list(options.get("members") ?? options.get("member") ?? "").map((name) => ({
      memberId: name === "-" ? "" : world.ids.member(name),
      groupInstanceId: options.get("instance") ?? null,
      reason: null,
    })),
  }),
  beat: consumerHeartbeat,
  "share-beat": shareHeartbeat,
  "share-initialized": ({ world, groupId, options }) => ({
    kind: options.get("failed") === "yes" ? "share-not-initialized" : "share-initialized",
    groupId,
    topics: partitionSets(world, options),
  }),
  "alter-share": ({ world, groupId, options }) => ({
    kind: "share-alter-offsets",
    groupId,
    topics: partitionSets(world, options),
  }),
  "delete-share-offsets": ({ world, groupId, options }) => ({
    kind: "share-delete-offsets",
    groupId,
    topicIds: list(options.get("topics") ?? "").map((name) => world.topicId(name)),
  }),
  "share-offsets-deleted": ({ world, groupId, options }) => ({
    kind: "share-offsets-deleted",
    groupId,
    topicIds: list(options.get("topics") ?? "").map((name) => world.topicId(name)),
  }),
  "delete-share-states": ({ groupId }) => ({ kind: "share-delete-states", groupId }),
  "describe-share": ({ groupId }) => ({ kind: "share-describe", groupId }),
  "share-partitions": ({ groupId }) => ({ kind: "share-partitions", groupId }),
  "share-topics-deleted": ({ world, options }) => ({
    kind: "share-group-topics-deleted",
    topicIds: new Set(list(options.get("topics") ?? "").map((name) => world.topicId(name))),
  }),
  "streams-beat": ({ groupId, options }) => streamsHeartbeat(groupId, options),
  "describe-streams": ({ groupId }) => ({ kind: "streams-describe", groupId }),
  commit,
  fetch: ({ world, groupId, options }) => ({
    kind: "offset-fetch",
    groupId,
    memberId: options.has("member") ? world.ids.member(options.get("member") ?? "") : null,
    memberEpoch: number(options, "epoch", -1),
    requireStable: options.get("stable") === "yes",
    partitions: options.has("partitions") ? places(options.get("partitions") ?? "") : null,
  }),
  "delete-offsets": ({ groupId, options }) => ({
    kind: "offset-delete",
    groupId,
    partitions: places(options.get("partitions") ?? ""),
  }),
  describe: ({ groupId }) => ({ kind: "describe-group", groupId }),
  "describe-consumer": ({ groupId }) => ({ kind: "consumer-describe", groupId }),
  delete: ({ groupId }) => ({ kind: "delete-group", groupId }),
  list: ({ options }) => ({
    kind: "list-groups",
    states: new Set(list(options.get("states") ?? "")),
    types: new Set(list(options.get("types") ?? "")),
  }),
  "topics-deleted": ({ options }) => ({
    kind: "topics-deleted",
    topics: new Set(list(options.get("topics") ?? "")),
  }),
};

function join({ world, groupId, options }: Source): GroupRequest {
  const type = options.get("type") ?? "test";
  return {
    kind: "join-group",
    groupId,
    ...identity(world, options),
    clientId: "client",
    clientHost: "/host",
    protocolType: type,
    protocols: list(options.get("protocols") ?? "range:x", ";").map((text) => {
      const [name = "", metadata = ""] = text.split(":");
      return { name, metadata: metadataOf(type, metadata, options) };
    }),
    sessionTimeoutMs: number(options, "session", 10_000),
    rebalanceTimeoutMs: number(options, "rebalance", 60_000),
    requiresKnownMemberId: options.get("requires") !== "no",
    canSkipAssignment: options.get("skip") === "yes",
    reason: null,
  };
}

function metadataOf(type: string, text: string, options: Options): Uint8Array {
  if (type !== "consumer") return Buffer.from(text);
  const ownedPartitions = named(options.get("owned") ?? "");
  const fields = { topics: list(text), userData: null, ownedPartitions };
  const body = messageCodec(ConsumerProtocolSubscription, 1).encode(fields);
  return Buffer.concat([Buffer.from([0, 1]), ...body]);
}

function sync({ world, groupId, options }: Source): GroupRequest {
  const type = options.get("type") ?? null;
  const assignments = list(options.get("assign") ?? "", ";").map((text) => {
    const [name = "", ...rest] = text.split("=");
    const value = rest.join("=");
    const assignment = type === "consumer" ? assignmentOf(value) : Buffer.from(value);
    return { memberId: world.ids.member(name), assignment };
  });
  return {
    kind: "sync-group",
    groupId,
    ...identity(world, options),
    generationId: number(options, "generation", 1),
    protocolType: type,
    protocolName: options.get("protocol") ?? null,
    assignments,
  };
}

function assignmentOf(text: string): Uint8Array {
  const fields = { assignedPartitions: named(text), userData: null };
  const body = messageCodec(ConsumerProtocolAssignment, 1).encode(fields);
  return Buffer.concat([Buffer.from([0, 1]), ...body]);
}

function consumerHeartbeat({ world, groupId, options }: Source): GroupRequest {
  const epoch = number(options, "epoch", 0);
  const joins = epoch === 0;
  const names = options.get("topics");
  const owned = options.get("owned");
  const { memberId, groupInstanceId } = identity(world, options);
  return {
    kind: "consumer-heartbeat",
    groupId,
    memberId,
    memberEpoch: epoch,
    instanceId: groupInstanceId,
    rackId: options.get("rack") ?? null,
    rebalanceTimeoutMs: number(options, "rebalance", joins ? 60_000 : -1),
    subscribedTopicNames: names === undefined ? null : list(names),
    subscribedTopicRegex: options.get("regex") ?? null,
    serverAssignor: options.get("assignor") ?? null,
    topicPartitions:
      owned === undefined
        ? joins
          ? []
          : null
        : named(owned).map(({ topic, partitions }) => ({
            topicId: world.topicId(topic),
            partitions,
          })),
    clientId: "client",
    clientHost: "/host",
    bringsMemberId: true,
  };
}

function shareHeartbeat({ world, groupId, options }: Source): GroupRequest {
  const names = options.get("topics");
  return {
    kind: "share-heartbeat",
    groupId,
    memberId: identity(world, options).memberId,
    memberEpoch: number(options, "epoch", 0),
    rackId: options.get("rack") ?? null,
    subscribedTopicNames: names === undefined ? null : list(names),
    clientId: "client",
    clientHost: "/host",
  };
}

/** partitions=t1:0+1,t2:3 by topic id. */
function partitionSets(world: World, options: Options) {
  return new Map(
    named(options.get("partitions") ?? "").map(({ topic, partitions }) => [
      world.topicId(topic),
      new Set(partitions),
    ]),
  );
}

function commit({ world, groupId, options }: Source): GroupRequest {
  const { memberId, groupInstanceId } = identity(world, options);
  const producerId = options.get("producer");
  const retention = options.get("retention");
  return {
    kind: "offset-commit",
    groupId,
    generationIdOrMemberEpoch: number(options, "epoch", -1),
    memberId,
    groupInstanceId,
    retentionTimeMs: retention === undefined ? undefined : Number(retention),
    producer:
      producerId === undefined ? undefined : { producerId: BigInt(producerId), producerEpoch: 0 },
    knowsMemberEpochs: options.get("old") !== "yes",
    offsets: list(options.get("offsets") ?? "").map((text) => {
      const [topic = "", partition = "0", offset = "0"] = text.split(":");
      return {
        topic,
        topicId: world.topicId(topic),
        partition: Number(partition),
        offset: Number(offset),
        leaderEpoch: -1,
        metadata: options.get("metadata") ?? "",
      };
    }),
  };
}

function identity(world: World, options: Options) {
  const name = options.get("member") ?? "";
  return {
    memberId: world.ids.member(name),
    groupInstanceId: options.get("instance") ?? null,
  };
}

/** t1:0+1,t2:3 */
function named(text: string): { topic: string; partitions: number[] }[] {
  return list(text).map((part) => {
    const [topic = "", partitions = ""] = part.split(":");
    return { topic, partitions: list(partitions, "+").map(Number) };
  });
}

function places(text: string): { topic: string; partition: number }[] {
  return named(text).flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function list(text: string, separator = ","): string[] {
  return text === "" ? [] : text.split(separator);
}

function number(options: Options, name: string, otherwise: number): number {
  const text = options.get(name);
  return text === undefined ? otherwise : Number(text);
}
