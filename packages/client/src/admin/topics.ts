import {
  CreatePartitions,
  CreateTopics,
  DeleteTopics,
  type ErrorName,
  isUuid,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import type { KafkaError } from "../errors/kafka-error.ts";
import { outcomeOf } from "./answer.ts";
import type { ValidateOptions } from "./call-options.ts";
import { type ConfigEntry, configEntry } from "./config-entry.ts";
import { type Outcomes, settleEach } from "./settle-each.ts";

/** A topic to create. */
export interface NewTopic {
  readonly name: string;
  /** The broker's `num.partitions` when not given. */
  readonly numPartitions?: number;
  /** The broker's `default.replication.factor` when not given. */
  readonly replicationFactor?: number;
  /** Brokers of each partition from 0 on, the preferred leader first; instead of both numbers. */
  readonly assignments?: readonly (readonly number[])[];
  readonly configs?: Readonly<Record<string, string | null>>;
}

/** A topic that was created. */
export interface CreatedTopic {
  /** ZERO_UUID when it was only validated. */
  readonly id: Uuid;
  /** -1 where the principal may not see it. */
  readonly numPartitions: number;
  readonly replicationFactor: number;
  /** Undefined where the principal may not see them. */
  readonly configs: readonly ConfigEntry[] | undefined;
}

/** How topics are created and deleted. */
export interface TopicCallOptions extends ValidateOptions {
  /** Whether to try again when the quota of changes is used up; true. */
  readonly retryOnQuotaViolation?: boolean | undefined;
}

/** Topics by name or by id. */
export type TopicNames = readonly string[] | { readonly ids: readonly Uuid[] };

/** Creates topics. */
export function createTopics(
  cluster: Cluster,
  topics: readonly NewTopic[],
  options: TopicCallOptions,
): Promise<Outcomes<string, CreatedTopic>> {
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  return settleEach<string, CreatedTopic>(cluster, {
    what: "creating topics",
    items: byName.keys(),
    call: options,
    retryOn: quotaRetries(options),
    attempt: async (names, { remainingMs, signal }) => {
      const { body } = await cluster.sendToController(
        CreateTopics,
        {
          topics: names.flatMap((name) => creation(byName.get(name))),
          timeoutMs: Math.ceil(remainingMs),
          validateOnly: options.validateOnly ?? false,
        },
        // Version 4 lets the broker choose the numbers.
        { signal, minVersion: 4 },
      );
      return new Map(body.topics.map((topic) => [topic.name, created(topic)]));
    },
  });
}

function creation(topic: NewTopic | undefined): {
  name: string;
  numPartitions: number;
  replicationFactor: number;
  assignments: { partitionIndex: number; brokerIds: number[] }[];
  configs: { name: string; value: string | null }[];
}[] {
  if (topic === undefined) return [];
  const { name, assignments, configs = {} } = topic;
  const byBroker = assignments === undefined;
  return [
    {
      name,
      numPartitions: byBroker ? (topic.numPartitions ?? -1) : -1,
      replicationFactor: byBroker ? (topic.replicationFactor ?? -1) : -1,
      assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({
        partitionIndex,
        brokerIds: [...brokerIds],
      })),
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    },
  ];
}

interface CreatedAnswer {
  readonly name: string;
  readonly topicId: Uuid;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topicConfigErrorCode: number;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly Parameters<typeof configEntry>[0][] | null;
}

function created(answer: CreatedAnswer): CreatedTopic | KafkaError {
  const place = { what: `topic ${answer.name} was not created`, api: CreateTopics.name };
  return outcomeOf(answer, { ...place, topic: answer.name }, () => {
    const { topicId: id, numPartitions, replicationFactor, topicConfigErrorCode } = answer;
    const configs =
      topicConfigErrorCode === 0 ? (answer.configs ?? []).map(configEntry) : undefined;
    return { id, numPartitions, replicationFactor, configs };
  });
}

/** Deletes topics, by name or by id. */
export function deleteTopics(
  cluster: Cluster,
  topics: TopicNames,
  options: TopicCallOptions,
): Promise<Outcomes<string, void>> {
  const areIds = "ids" in topics;
  const items: readonly string[] = areIds ? topics.ids : topics;
  return settleEach<string, void>(cluster, {
    what: "deleting topics",
    items,
    call: options,
    retryOn: quotaRetries(options),
    attempt: async (open, { remainingMs, signal }) => {
      const { body } = await cluster.sendToController(
        DeleteTopics,
        (version) => ({
          timeoutMs: Math.ceil(remainingMs),
          ...(version >= 6
            ? { topics: open.map((one) => (areIds ? byId(one) : named(one))) }
            : { topicNames: [...open] }),
        }),
        { signal, ...(areIds ? { minVersion: 6 } : {}) },
      );
      return new Map(
        body.responses.map((answer) => {
          const key = areIds ? answer.topicId : (answer.name ?? "");
          const place = { what: `topic ${key} was not deleted`, api: DeleteTopics.name };
          return [key, outcomeOf(answer, place, () => undefined)];
        }),
      );
    },
  });
}

function byId(text: string): { name: null; topicId: Uuid } {
  return { name: null, topicId: isUuid(text) ? text : ZERO_UUID };
}

function named(name: string): { name: string; topicId: Uuid } {
  return { name, topicId: ZERO_UUID };
}

/** How many partitions a topic shall have. */
export interface NewPartitions {
  /** Of all partitions, old ones included. */
  readonly totalCount: number;
  /** Brokers of each new partition, the preferred leader first. */
  readonly assignments?: readonly (readonly number[])[];
}

/** Adds partitions to topics. */
export function createPartitions(
  cluster: Cluster,
  topics: Readonly<Record<string, NewPartitions>>,
  options: TopicCallOptions,
): Promise<Outcomes<string, void>> {
  return settleEach<string, void>(cluster, {
    what: "adding partitions",
    items: Object.keys(topics),
    call: options,
    retryOn: quotaRetries(options),
    attempt: async (names, { remainingMs, signal }) => {
      const request = {
        topics: names.map((name) => ({
          name,
          count: topics[name]?.totalCount ?? 0,
          assignments:
            topics[name]?.assignments?.map((brokerIds) => ({ brokerIds: [...brokerIds] })) ?? null,
        })),
        timeoutMs: Math.ceil(remainingMs),
        validateOnly: options.validateOnly ?? false,
      };
      const { body } = await cluster.sendToController(CreatePartitions, request, { signal });
      return new Map(
        body.results.map((answer) => {
          const what = `topic ${answer.name} got no partitions`;
          const place = { what, topic: answer.name, api: CreatePartitions.name };
          return [answer.name, outcomeOf(answer, place, () => undefined)];
        }),
      );
    },
  });
}

function quotaRetries(options: TopicCallOptions): ReadonlySet<ErrorName> {
  return new Set(options.retryOnQuotaViolation === false ? [] : ["THROTTLING_QUOTA_EXCEEDED"]);
}
