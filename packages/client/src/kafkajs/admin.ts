import type { Admin as ClientAdmin } from "../admin/admin.ts";
import { valueOf } from "../admin/settle-each.ts";
import { parseTopicPartition, topicPartitionKey } from "../admin/topic-partition.ts";
import type { Client } from "../main.ts";
import { AdminAccess } from "./admin-access.ts";
import {
  failuresOf,
  newTopicOf,
  throwFirst,
  type TopicConfig,
  topicMetadata,
  topicOffsets,
  wereCreated,
} from "./admin-topics.ts";
import { checkConfig } from "./client-config.ts";
import type { FacadeContext } from "./connection.ts";
import {
  KafkaJSAggregateError,
  KafkaJSAlterPartitionReassignmentsError,
  KafkaJSDeleteGroupsError,
  KafkaJSDeleteTopicRecordsError,
  KafkaJSError,
  KafkaJSNonRetriableError,
  KafkaJSProtocolError,
  translated,
} from "./errors.ts";
import { groupDescription, type GroupDescription } from "./group-shapes.ts";
import { type InstrumentationEvent, Instrumentation } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import type {
  PartitionMetadata,
  PartitionOffset,
  RetryOptions,
  TopicPartition,
  TopicPartitions,
} from "./types.ts";

const events = {
  CONNECT: "admin.connect",
  DISCONNECT: "admin.disconnect",
  REQUEST: "admin.network.request",
  REQUEST_TIMEOUT: "admin.network.request_timeout",
  REQUEST_QUEUE_SIZE: "admin.network.request_queue_size",
} as const;
const untold = new Set([events.REQUEST, events.REQUEST_TIMEOUT, events.REQUEST_QUEUE_SIZE]);

type Call = { readonly timeout?: number | undefined };
/** What tells of an offset in kafkajs: the end, the beginning. */
const LATEST = "-1";
const EARLIEST = "-2";
const LEADER_TRIES = 50;
const LEADER_PAUSE_MS = 100;

/** kafkajs's admin. */
export class Admin extends AdminAccess {
  readonly events: typeof events = events;
  readonly #context: FacadeContext;
  readonly #retry: RetryOptions | undefined;
  readonly #instrumentation: Instrumentation;
  #client: Client | undefined;

  /** @throws KafkaJSNonRetriableError for an option that is not known */
  constructor(context: FacadeContext, config: { readonly retry?: RetryOptions } = {}) {
    super();
    checkConfig(config, new Set(["retry"]), "admin");
    this.#context = context;
    this.#retry = config.retry;
    const { clock, logger } = context;
    this.#instrumentation = new Instrumentation({ clock, logger, names: events, untold });
  }

  async connect(): Promise<void> {
    if (this.#client !== undefined) return;
    await translated(async () => {
      const client = await this.#context.open({ retry: this.#retry, metadataMaxAge: undefined });
      this.#client = client;
      try {
        await client.connect();
      } catch (error) {
        this.#client = undefined;
        await client.close();
        throw error;
      }
    });
    this.#instrumentation.emit(events.CONNECT, null);
  }

  async disconnect(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    await client.close();
    this.#instrumentation.emit(events.DISCONNECT, null);
  }

  listTopics(): Promise<string[]> {
    return this.asked(async (admin) => [
      ...(await admin.listTopics({ listInternal: true })).keys(),
    ]);
  }

  /** @returns false when one of them was there already. */
  createTopics(
    given: Call & {
      readonly validateOnly?: boolean;
      readonly waitForLeaders?: boolean;
      readonly topics: readonly TopicConfig[];
    },
  ): Promise<boolean> {
    const { topics, validateOnly = false, waitForLeaders = true, timeout: timeoutMs } = given;
    if (!Array.isArray(topics)) throw new KafkaJSNonRetriableError("Invalid topics array");
    return this.asked(async (admin) => {
      const outcomes = await admin.createTopics(topics.map(newTopicOf), {
        validateOnly,
        timeoutMs,
      });
      if (!wereCreated(outcomes)) return false;
      if (waitForLeaders && !validateOnly) await this.#waitForLeaders(admin, [...outcomes.keys()]);
      return true;
    });
  }

  deleteTopics(given: Call & { readonly topics: readonly string[] }): Promise<void> {
    const { topics, timeout: timeoutMs } = given;
    return this.asked(async (admin) => throwFirst(await admin.deleteTopics(topics, { timeoutMs })));
  }

  createPartitions(
    given: Call & {
      readonly validateOnly?: boolean;
      readonly topicPartitions: readonly {
        readonly topic: string;
        readonly count: number;
        readonly assignments?: readonly (readonly number[])[];
      }[];
    },
  ): Promise<boolean> {
    const { validateOnly = false, timeout: timeoutMs } = given;
    const topics = given.topicPartitions.map(({ topic, count: totalCount, assignments }) => {
      return [
        topic,
        { totalCount, ...(assignments === undefined ? {} : { assignments }) },
      ] as const;
    });
    return this.asked(async (admin) => {
      const call = { validateOnly, timeoutMs };
      throwFirst(await admin.createPartitions(Object.fromEntries(topics), call));
      return true;
    });
  }

  fetchTopicMetadata(
    given: { readonly topics?: readonly string[] } = {},
  ): Promise<{ topics: { name: string; partitions: PartitionMetadata[] }[] }> {
    return this.asked(async (admin) => {
      const { topics = [] } = given;
      const wanted = topics.length > 0 ? topics : [...(await admin.listTopics()).keys()];
      return { topics: await topicMetadata(admin, wanted) };
    });
  }

  /** The first and the next offset of each partition. */
  fetchTopicOffsets(topic: string): Promise<(PartitionOffset & { high: string; low: string })[]> {
    return this.asked(async (admin) => {
      const high = await topicOffsets(admin, topic, "latest");
      const low = await topicOffsets(admin, topic, "earliest");
      return high.map(({ partition, offset }, index) => ({
        partition,
        offset,
        high: offset,
        low: low[index]?.offset ?? "0",
      }));
    });
  }

  /** The first offsets at or after a time; the next offset where there is none. */
  fetchTopicOffsetsByTimestamp(topic: string, timestamp?: number): Promise<PartitionOffset[]> {
    return this.asked(async (admin) => {
      const latest = await topicOffsets(admin, topic, "latest");
      if (timestamp === undefined) return latest;
      const found = await topicOffsets(admin, topic, { timestamp });
      return found.map((one, index) => (one.offset === LATEST ? (latest[index] ?? one) : one));
    });
  }

  /** What a group has committed; "-1" where it has nothing. */
  fetchOffsets(given: {
    readonly groupId: string;
    readonly topics?: readonly string[];
    readonly resolveOffsets?: boolean;
  }): Promise<{ topic: string; partitions: (PartitionOffset & { metadata: string | null })[] }[]> {
    const { groupId, topics = [], resolveOffsets = false } = given;
    return this.asked(async (admin) => {
      const described = await topicMetadata(admin, topics);
      const asked = described.flatMap(({ name: topic, partitions }) =>
        partitions.map(({ partitionId: partition }) => ({ topic, partition })),
      );
      const groups = new Map([[groupId, asked.length > 0 ? asked : ("all" as const)]]);
      const outcomes = await admin.listConsumerGroupOffsets(groups);
      const found = valueOf(outcomes.get(groupId), "listing committed offsets");
      const places = [...found].map(([key]) => {
        const place = parseTopicPartition(key);
        const outcome = found.get(key);
        if (outcome instanceof Error) throw outcome;
        const offset = outcome === undefined ? LATEST : String(outcome.offset);
        return { ...place, offset, metadata: outcome?.metadata || null };
      });
      const byTopic = [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, some]) => ({
        topic,
        partitions: some.map(withoutTopic),
      }));
      if (!resolveOffsets) return byTopic;
      return Promise.all(
        byTopic.map(async ({ topic, partitions }) => ({
          topic,
          partitions: await resolved(admin, topic, partitions),
        })),
      );
    });
  }

  /** Commits in the name of a group without members; "-1" is the end, "-2" the beginning. */
  setOffsets(given: {
    readonly groupId: string;
    readonly topic: string;
    readonly partitions: readonly PartitionOffset[];
  }): Promise<void> {
    const { groupId, topic, partitions } = given;
    return this.asked(async (admin) => {
      const offsets = await resolved(admin, topic, partitions);
      const commits = offsets.map(({ partition, offset }) => ({
        topic,
        partition,
        offset: BigInt(offset),
      }));
      throwFirst(await admin.alterConsumerGroupOffsets(groupId, commits));
    });
  }

  resetOffsets(given: {
    readonly groupId: string;
    readonly topic: string;
    readonly earliest?: boolean;
  }): Promise<void> {
    const { groupId, topic, earliest = false } = given;
    return this.asked(async (admin) => {
      const offsets = await topicOffsets(admin, topic, earliest ? "earliest" : "latest");
      const commits = offsets.map(({ partition, offset }) => {
        return { topic, partition, offset: BigInt(offset) };
      });
      throwFirst(await admin.alterConsumerGroupOffsets(groupId, commits));
    });
  }

  describeCluster(): Promise<{
    brokers: { nodeId: number; host: string; port: number }[];
    controller: number | null;
    clusterId: string;
  }> {
    return this.asked(async (admin) => {
      const { brokers, controllerId, clusterId } = await admin.describeCluster();
      const nodes = brokers.map(({ id: nodeId, host, port }) => ({ nodeId, host, port }));
      return { brokers: nodes, controller: controllerId < 0 ? null : controllerId, clusterId };
    });
  }

  listGroups(): Promise<{ groups: { groupId: string; protocolType: string }[] }> {
    return this.asked(async (admin) => {
      const { groups, errors } = await admin.listGroups();
      for (const error of errors.values()) throw error;
      return {
        groups: groups.map(({ groupId, protocol: protocolType }) => ({ groupId, protocolType })),
      };
    });
  }

  /** A group that is not there is described as dead. */
  describeGroups(groupIds: readonly string[]): Promise<{ groups: GroupDescription[] }> {
    return this.asked(async (admin) => {
      const described = await admin.describeClassicGroups(groupIds);
      const groups = groupIds.map((groupId) => {
        const outcome = described.get(groupId);
        const isMissing = outcome instanceof Error && outcome.code === "GROUP_ID_NOT_FOUND";
        if (!isMissing) return groupDescription(valueOf(outcome, "describing groups"));
        return { groupId, members: [], protocol: "", protocolType: "", state: "Dead" };
      });
      return { groups };
    });
  }

  /** @throws KafkaJSDeleteGroupsError with what became of each */
  deleteGroups(groupIds: readonly string[]): Promise<{ groupId: string; errorCode: number }[]> {
    return this.asked(async (admin) => {
      const outcomes = await admin.deleteConsumerGroups(groupIds);
      const errors = new Map(failuresOf(outcomes));
      const results = groupIds.map((groupId) => {
        const failure = errors.get(groupId);
        if (failure === undefined) return { groupId, errorCode: 0 };
        const error = new KafkaJSProtocolError(failure);
        return { groupId, errorCode: error.code, error };
      });
      if (errors.size === 0) return results;
      const failed = results.filter(({ errorCode }) => errorCode !== 0);
      throw new KafkaJSDeleteGroupsError("Error in DeleteGroups", failed);
    });
  }

  /** Deletes the records before offsets; "-1": all. */
  deleteTopicRecords(given: {
    readonly topic: string;
    readonly partitions: readonly PartitionOffset[];
  }): Promise<void> {
    const { topic, partitions } = given;
    return this.asked(async (admin) => {
      const records = partitions.map(({ partition, offset }) => {
        return { topic, partition, beforeOffset: BigInt(offset) };
      });
      const outcomes = await admin.deleteRecords(records);
      const failed = partitions.flatMap(({ partition, offset }) => {
        const outcome = outcomes.get(topicPartitionKey(topic, partition));
        if (!(outcome instanceof Error)) return [];
        return [{ partition, offset, error: new KafkaJSProtocolError(outcome) }];
      });
      if (failed.length > 0) throw new KafkaJSDeleteTopicRecordsError(topic, failed);
    });
  }

  alterPartitionReassignments(
    given: Call & {
      readonly topics: readonly {
        readonly topic: string;
        readonly partitionAssignment: readonly {
          readonly partition: number;
          readonly replicas: readonly number[];
        }[];
      }[];
    },
  ): Promise<void> {
    const wanted = given.topics.flatMap(({ topic, partitionAssignment }) =>
      partitionAssignment.map((one) => ({ topic, ...one })),
    );
    return this.asked(async (admin) => {
      const call = { timeoutMs: given.timeout };
      const failures = failuresOf(await admin.alterPartitionReassignments(wanted, call));
      if (failures.length === 0) return;
      throw new KafkaJSAggregateError(
        "Errors altering partition reassignments",
        failures.map(([, error]) => new KafkaJSAlterPartitionReassignmentsError(error)),
      );
    });
  }

  listPartitionReassignments(
    given: Call & { readonly topics?: readonly TopicPartitions[] } = {},
  ): Promise<{
    topics: {
      topic: string;
      partitions: {
        partition: number;
        replicas: number[];
        addingReplicas: number[];
        removingReplicas: number[];
      }[];
    }[];
  }> {
    const wanted = given.topics?.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    return this.asked(async (admin) => {
      const call = { timeoutMs: given.timeout };
      const listed = await admin.listPartitionReassignments(wanted ?? "all", call);
      const places = [...listed].map(([key, one]) => ({
        ...parseTopicPartition(key),
        replicas: [...one.replicas],
        addingReplicas: [...one.addingReplicas],
        removingReplicas: [...one.removingReplicas],
      }));
      const topics = [...Map.groupBy(places, ({ topic }) => topic)];
      return {
        topics: topics.map(([topic, some]) => ({
          topic,
          partitions: some.map(withoutTopic),
        })),
      };
    });
  }

  on(name: string, listener: (event: InstrumentationEvent<never>) => unknown): () => void {
    return this.#instrumentation.on(name, listener);
  }

  logger(): Logger {
    return this.#context.logger;
  }

  protected override async asked<T>(work: (admin: ClientAdmin) => Promise<T>): Promise<T> {
    // kafkajs connects by itself here, as its admin's calls do.
    await this.connect();
    const client = this.#client;
    if (client === undefined) throw new KafkaJSError("The admin is disconnected");
    return translated(() => work(client.admin()));
  }

  async #waitForLeaders(admin: ClientAdmin, topics: readonly string[]): Promise<void> {
    const { clock } = this.#context;
    for (let tries = 0; tries < LEADER_TRIES; tries += 1) {
      const described = [...(await admin.describeTopics(topics)).values()];
      const haveLeaders = described.every(
        (one) => !(one instanceof Error) && one.partitions.every(({ leader }) => leader >= 0),
      );
      if (haveLeaders) return;
      await new Promise<void>((resolve) => {
        clock.setTimer(LEADER_PAUSE_MS, resolve);
      });
    }
  }
}

/** Puts real offsets where "-1" and "-2" stand. */
async function resolved<P extends PartitionOffset>(
  admin: ClientAdmin,
  topic: string,
  partitions: readonly P[],
): Promise<P[]> {
  if (!partitions.some(({ offset }) => BigInt(offset) < 0n)) return [...partitions];
  const offsetsOf = async (spec: "latest" | "earliest"): Promise<ReadonlyMap<number, string>> =>
    new Map(
      (await topicOffsets(admin, topic, spec)).map(({ partition, offset }) => [partition, offset]),
    );
  const [latest, earliest] = [await offsetsOf("latest"), await offsetsOf("earliest")];
  return partitions.map((one) => {
    const found = String(one.offset) === EARLIEST ? earliest : latest;
    const offset = BigInt(one.offset) < 0n ? found.get(one.partition) : undefined;
    return offset === undefined ? one : { ...one, offset };
  });
}

function withoutTopic<P extends TopicPartition>(place: P): Omit<P, "topic"> {
  const { topic: _topic, ...rest } = place;
  return rest;
}
