import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lacking, startMillrace } from "@millrace/conformance/harness";
import { goProgram, seededRandom } from "@millrace/history/faults";
import type { GroupEvent } from "./group-event.ts";
import { type GroupVerdict, judgeGroup } from "./judge-groups.ts";
import { judgeShareGroup, type ShareVerdict } from "./judge-share-group.ts";
import {
  GoMembers,
  javaMember,
  librdkafkaMember,
  type Member,
  type Protocol,
  type ProcessMember,
} from "./members.ts";
import { QueueProgress } from "./queue-progress.ts";
import { Roster } from "./roster.ts";
import { Torment, type TormentCounts } from "./torment.ts";

const memberCount = 20;
/** More than members, so that each has some. */
const partitionCount = 30;
const sessionMs = 4000;
/** Issue 4: stable so long after the last disturbance. */
const stableMsMax = 15_000;
/** An order that holds so long is stable. */
const stableMs = 1000;
/** A JVM on a busy machine needs that long to join. */
const processStartMsMax = 40_000;
/** Locks of share groups: shorter than some work, longer than most. */
const lockMs = 4000;
const deliveryCountMax = 6;
/** Of the queue, which is fewer than members: partitions are shared. */
const queuePartitionCount = 4;
const protocols: readonly Protocol[] = ["range", "cooperative", "consumer", "share"];

/** What a run does. */
export interface GroupsRunOptions {
  readonly seconds: number;
  readonly seed: number;
  /** What everybody said is kept here: `events.ndjson`. */
  readonly folder: string;
}

/** What one group came to. */
export interface GroupReport {
  readonly protocol: Protocol;
  readonly verdict: GroupVerdict | ShareVerdict;
  readonly counts: TormentCounts;
  /** From the last disturbance on. */
  readonly stableAfterMs: number;
}

/**
 * Torments the members of three groups at the same time, lets them settle, and judges what they
 * said.
 * @throws Error when a group does not settle in time.
 */
export async function runGroups(options: GroupsRunOptions): Promise<readonly GroupReport[]> {
  const program = await goProgram("members");
  const hasJava = (await lacking("java")) === false;
  const hasPython = (await lacking("python")) === false;
  await using broker = await startMillrace({
    properties: [
      "group.min.session.timeout.ms=1000",
      `group.consumer.session.timeout.ms=${sessionMs}`,
      "group.consumer.min.session.timeout.ms=1000",
      "group.consumer.heartbeat.interval.ms=500",
      "group.consumer.min.heartbeat.interval.ms=500",
      `group.share.session.timeout.ms=${sessionMs}`,
      "group.share.min.session.timeout.ms=1000",
      "group.share.heartbeat.interval.ms=500",
      "group.share.min.heartbeat.interval.ms=500",
      `group.share.record.lock.duration.ms=${lockMs}`,
      "group.share.min.record.lock.duration.ms=1000",
      `group.share.delivery.count.limit=${deliveryCountMax}`,
      "group.share.max.delivery.count.limit=10",
      "share.coordinator.state.topic.replication.factor=1",
      "share.coordinator.state.topic.min.isr=1",
    ],
  });
  const { bootstrap } = broker;
  await using stage = new Stage(join(options.folder, "events.ndjson"));
  const words = [program, bootstrap, String(partitionCount), String(sessionMs)];
  await using members = new GoMembers(words, stage.listener);
  const random = seededRandom(options.seed);
  const torments = protocols.map((protocol) => {
    if (protocol === "share") members.queue(protocol);
    else members.watch(protocol);
    const start = (slot: number, life: number): Member => {
      const name = `${protocol}-${slot}.${life}`;
      const member = { bootstrap, group: protocol, name, protocol, sessionMs };
      if (slot > 0) return members.join(member);
      if (protocol === "consumer" && hasJava) return stage.keep(javaMember(member, stage.listener));
      if (protocol === "cooperative" && hasPython) {
        return stage.keep(librdkafkaMember(member, stage.listener));
      }
      return members.join(member);
    };
    return { protocol, torment: new Torment({ slotCount: memberCount, join: start, random }) };
  });
  for (const { torment } of torments) torment.settle();
  const endMs = performance.now() + options.seconds * 1000;
  while (performance.now() < endMs) {
    await Promise.race([sleep(50 + random() * 250), members.failed]);
    for (const { torment } of torments) torment.step(performance.now());
  }
  // Those that take long to start are there before time is taken.
  for (const { torment } of torments) torment.settle((slot) => slot === 0);
  await stage.processesHaveJoined();
  for (const { torment } of torments) torment.settle();
  members.endQueue();
  const settledMs = await Promise.race([stage.settled(torments), members.failed]);
  return torments.map(({ protocol, torment }) => ({
    protocol,
    verdict: judge(protocol, stage.eventsOf(protocol)),
    counts: torment.counts,
    stableAfterMs: settledMs.get(protocol) ?? Infinity,
  }));
}

function judge(protocol: Protocol, events: readonly GroupEvent[]): GroupVerdict | ShareVerdict {
  if (protocol === "share") return judgeShareGroup(events, { lockMs, deliveryCountMax });
  return judgeGroup(events, {
    sessionMs,
    hasGenerations: protocol !== "consumer",
    toleranceMs: 2,
  });
}

interface TormentedGroup {
  readonly protocol: Protocol;
  readonly torment: Torment;
}

/** All that was said, and the processes that said it. */
class Stage implements AsyncDisposable {
  readonly listener: (event: GroupEvent) => void;
  readonly #events = new Map<string, GroupEvent[]>();
  readonly #rosters = new Map<string, Roster>();
  readonly #queue = new QueueProgress();
  readonly #processes: ProcessMember[] = [];
  readonly #kept;

  constructor(path: string) {
    this.#kept = createWriteStream(path);
    this.listener = (event) => {
      this.#kept.write(`${JSON.stringify(event)}\n`);
      this.eventsOf(event.group).push(event);
      this.#rosterOf(event.group).take(event);
      if (event.group === "share") this.#queue.take(event);
    };
  }

  keep(member: ProcessMember): Member {
    this.#processes.push(member);
    return member;
  }

  eventsOf(group: string): GroupEvent[] {
    const known = this.#events.get(group) ?? [];
    this.#events.set(group, known);
    return known;
  }

  /** Waits until the processes that live have said something. */
  async processesHaveJoined(): Promise<void> {
    const deadline = performance.now() + processStartMsMax;
    const living = this.#processes.filter((member) => member.isRunning);
    for (const member of living) {
      const roster = this.#rosterOf(member.group);
      while (!roster.hasAny(member.name)) {
        if (performance.now() > deadline) throw new Error(`${member.name} gets no partition`);
        await sleep(50);
      }
    }
  }

  /** Waits until all groups are in order; gives how long each took. */
  async settled(groups: readonly TormentedGroup[]): Promise<ReadonlyMap<string, number>> {
    const startMs = performance.now();
    const orderSinceMs = new Map<string, number>();
    for (;;) {
      const nowMs = performance.now();
      const disorders = groups.flatMap(({ protocol, torment }) => {
        const disorder =
          protocol === "share"
            ? this.#queue.left(queuePartitionCount)
            : this.#rosterOf(protocol).disorder(torment.members, partitionCount);
        if (disorder !== undefined) orderSinceMs.delete(protocol);
        else if (!orderSinceMs.has(protocol)) orderSinceMs.set(protocol, nowMs);
        return disorder === undefined ? [] : [`${protocol}: ${disorder}`];
      });
      const since = [...orderSinceMs.values()];
      if (disorders.length === 0 && since.every((ms) => nowMs - ms >= stableMs)) break;
      if (nowMs - startMs > stableMsMax + stableMs) {
        throw new Error(
          `not stable ${stableMsMax} ms after the last disturbance:\n${disorders.join("\n")}`,
        );
      }
      await sleep(20);
    }
    return new Map([...orderSinceMs].map(([group, ms]) => [group, ms - startMs]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((member) => member[Symbol.asyncDispose]()));
    this.#kept.end();
  }

  #rosterOf(group: string): Roster {
    const known = this.#rosters.get(group) ?? new Roster();
    this.#rosters.set(group, known);
    return known;
  }
}
