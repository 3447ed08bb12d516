import { LoggerTree } from "@millrace/platform";
import { SimClock } from "@millrace/platform/sim";
import { batchHeader, BatchCursor, RecordCursor, type Uuid } from "@millrace/protocol";
import type { ConsumerGroup } from "../../src/group/consumer/consumer-group.ts";
import type { ShareGroup } from "../../src/group/share/share-group.ts";
import type { StreamsGroup } from "../../src/group/streams/streams-group.ts";
import {
  type GroupConfig,
  groupMachine,
  type GroupRequest,
  type GroupTypes,
  type TopicDescription,
  type TopicMetadata,
} from "../../src/group/index.ts";
import { Shard } from "../../src/runtime/index.ts";
import { MemoryCoordinatorLog } from "../runtime/memory-coordinator-log.ts";
import { format } from "./format.ts";
import { NamedIds } from "./named-ids.ts";

type ConfigValues = Omit<GroupConfig, "consumerTimes" | "shareTimes" | "streamsSettings"> &
  ReturnType<GroupConfig["consumerTimes"]> &
  Pick<ReturnType<GroupConfig["streamsSettings"]>, "standbyReplicas"> & {
    readonly streamsDelayMs: number;
  };

const defaults: ConfigValues = {
  sessionTimeoutMsMin: 6000,
  sessionTimeoutMsMax: 1_800_000,
  initialRebalanceDelayMs: 3000,
  groupSizeMax: 100,
  offsetMetadataSizeBytesMax: 16,
  offsetsRetentionMs: 600_000,
  offsetsRetentionCheckIntervalMs: 60_000,
  consumerGroupSizeMax: 100,
  consumerAssignors: ["uniform", "range"],
  migrationPolicy: "bidirectional",
  regexRefreshIntervalMs: 600_000,
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 5000,
  assignmentIntervalMs: 0,
  shareGroupSizeMax: 100,
  shareInitializeRetryIntervalMs: 30_000,
  streamsGroupSizeMax: 100,
  standbyReplicas: 0,
  streamsDelayMs: 0,
};

/** Little more than the largest record of a small group. */
const TORN_BATCH_SIZE_BYTES_MAX = 400;

/** A shard of the group coordinator with all that it meets, and what it has said so far. */
export class World {
  readonly log = new MemoryCoordinatorLog();
  readonly clock = new SimClock();
  readonly ids = new NamedIds();
  readonly lines: string[] = [];
  config: ConfigValues = defaults;
  readonly #topics = new Map<string, TopicDescription>();
  #topicsVersion = 1;
  #newTopicsVersion = 1;
  #shard: Shard<GroupTypes> | undefined;
  #shownBatches = 0;

  get shard(): Shard<GroupTypes> {
    if (this.#shard === undefined) throw new Error("the world has not begun");
    return this.#shard;
  }

  get topics(): TopicMetadata {
    const byId = new Map([...this.#topics.values()].map((topic) => [topic.id, topic]));
    return {
      version: this.#topicsVersion,
      newTopicsVersion: this.#newTopicsVersion,
      byName: (name) => this.#topics.get(name),
      byId: (id) => byId.get(id),
      names: () => this.#topics.keys(),
    };
  }

  /** Begins, or begins anew with what the log has. */
  async load(): Promise<void> {
    this.#shard?.close();
    this.#shard = this.#newShard();
    await this.#shard.load();
  }

  /**
   * Lets the log take a few small batches more and none after: what a decision may write in several
   * is cut off in the middle.
   */
  tearNext(appends: number, batchSizeBytesMax = TORN_BATCH_SIZE_BYTES_MAX): void {
    this.log.batchSizeBytesMax = batchSizeBytesMax;
    this.log.refusal = "COORDINATOR_NOT_AVAILABLE";
    this.log.appendsBeforeRefusal = appends;
  }

  /** Ends that: the coordinator begins anew with what is there. */
  async mend(): Promise<void> {
    if (this.log.refusal === undefined) return;
    this.log.batchSizeBytesMax = new MemoryCoordinatorLog().batchSizeBytesMax;
    this.log.refusal = undefined;
    await this.load();
  }

  /** Makes a topic or gives it more partitions. */
  setTopic(name: string, partitionCount: number): void {
    const known = this.#topics.get(name);
    const id = known?.id ?? this.ids.topicId(name);
    this.#topics.set(name, { id, name, partitionCount, racksOf: () => [] });
    this.#topicsVersion++;
    if (known === undefined) this.#newTopicsVersion = this.#topicsVersion;
  }

  removeTopic(name: string): void {
    this.#topics.delete(name);
    this.#topicsVersion++;
  }

  topicId(name: string): Uuid {
    return this.#topics.get(name)?.id ?? this.ids.topicId(name);
  }

  /** Sends a request and shows its answer when it comes. */
  async request(client: string, request: GroupRequest): Promise<void> {
    void this.shard.submit(request).then((reply) => {
      const { kind, ...rest } = reply;
      this.say(`${client}: ${kind} ${format(rest)}`);
    });
    await this.settle();
  }

  async settle(): Promise<void> {
    await this.clock.advance(0);
    this.#showLog();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    this.#showLog();
  }

  say(line: string): void {
    this.lines.push(this.ids.name(line));
  }

  /** What must survive a restart of what the shard knows, as text. */
  persistent(): string {
    const { groups, offsets } = this.shard.state;
    const shown: string[] = [];
    for (const group of groups.values()) {
      if (group.kind === "consumer") shown.push(consumerText(group));
      else if (group.kind === "share") shown.push(shareText(group));
      else if (group.kind === "streams") shown.push(streamsText(group));
      else if (group.state === "stable") {
        const { groupId, generationId, leaderId, members } = group;
        const assignments = [...members.values()].map(({ memberId, assignment }) => ({
          memberId,
          assignment,
        }));
        shown.push(format({ groupId, generationId, leaderId, assignments }));
      }
      const committed = [...offsets.entries(group.groupId)];
      if (committed.length > 0) shown.push(format(committed));
    }
    return this.ids.name(shown.sort().join("\n"));
  }

  #groupConfig(): GroupConfig {
    const { streamsDelayMs: initialRebalanceDelayMs } = this.config;
    return {
      ...this.config,
      consumerTimes: () => this.config,
      shareTimes: () => this.config,
      streamsSettings: () => ({ ...this.config, initialRebalanceDelayMs }),
    };
  }

  #newShard(): Shard<GroupTypes> {
    const logger = new LoggerTree({ clock: this.clock, level: "error", write: () => {} }).root;
    return Shard.create<GroupTypes>({
      machine: groupMachine({
        config: () => this.#groupConfig(),
        topics: () => this.topics,
      }),
      log: this.log,
      perform: (effect) => this.say(`broker: ${format(effect)}`),
      clock: this.clock,
      random: this.ids.random,
      logger,
    });
  }

  #showLog(): void {
    const machine = groupMachine({
      config: () => this.#groupConfig(),
      topics: () => this.topics,
    });
    for (const bytes of this.log.batches.slice(this.#shownBatches)) {
      if (batchHeader.isControl(bytes, 0)) continue;
      const batches = new BatchCursor(bytes);
      while (batches.next()) {
        const records = new RecordCursor().open(bytes, batches.position);
        while (records.next()) {
          const key = records.key() ?? Buffer.alloc(0);
          const record = machine.decode({ key, value: records.value() });
          if (record === undefined) continue;
          const { kind, value, ...rest } = record;
          this.say(`log: ${kind} ${format(rest)} = ${format(value)}`);
        }
      }
    }
    this.#shownBatches = this.log.batches.length;
  }
}

function consumerText(group: ConsumerGroup): string {
  const { groupId, epoch, metadataHash, targetEpoch, targetTimestampMs, state } = group;
  const members = [...group.members.values()].sort(byId);
  const targets = [...group.targets].sort(byKey);
  const regexes = [...group.regexes].sort(byKey);
  const facts = { groupId, epoch, metadataHash, targetEpoch, targetTimestampMs, state };
  return format({ ...facts, members, targets, regexes });
}

function shareText(group: ShareGroup): string {
  const { groupId, epoch, metadataHash, targetEpoch, targetTimestampMs, state } = group;
  const { statePartitions } = group;
  const facts = { groupId, epoch, metadataHash, targetEpoch, targetTimestampMs, state };
  const members = [...group.members.values()].sort(byId);
  const targets = [...group.targets].sort(byKey);
  return format({ ...facts, statePartitions, members, targets });
}

function streamsText(group: StreamsGroup): string {
  const { groupId, epoch, metadataHash, validatedTopologyEpoch, targetEpoch, state } = group;
  const { targetTimestampMs, lastAssignmentConfigs, topology } = group;
  const facts = { groupId, epoch, metadataHash, validatedTopologyEpoch, targetEpoch, state };
  const members = [...group.members.values()].sort(byId);
  const targets = [...group.targets].sort(byKey);
  const more = { targetTimestampMs, lastAssignmentConfigs, topology: topology?.value };
  return format({ ...facts, ...more, members, targets });
}

function byId(left: { memberId: string }, right: { memberId: string }): number {
  return left.memberId < right.memberId ? -1 : 1;
}

function byKey([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
