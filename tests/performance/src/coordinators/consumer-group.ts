import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { ConsumerGroupHeartbeat, errorName, type ResponseOf, type Uuid } from "@millrace/protocol";

import { createTopic, findCoordinator } from "./cluster.ts";
import { Stability } from "./stability.ts";
import { Wire } from "./wire.ts";

/** What a group is measured with. */
export interface GroupWork {
  readonly bootstrap: string;
  readonly groupId: string;
  readonly topic: string;
  readonly memberCount: number;
  /** Over all topics, in equal parts; a controller refuses to make 10,000 at once. */
  readonly partitionCount: number;
  readonly topicCount?: number;
  /** Between two heartbeats of a member. */
  readonly heartbeatMs: number;
  readonly timeoutMs: number;
}

/** Milliseconds from the first join until all members have their share, and after one has left. */
export interface GroupFigures {
  readonly joinToStableMs: number;
  readonly rebalanceMs: number;
}

/** Connections that the members of one group share; heartbeats do not wait in the broker. */
const CONNECTIONS_MAX = 50;

interface Owned {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}

type Heartbeat = ResponseOf<typeof ConsumerGroupHeartbeat>;

/** Measures a group of the consumer protocol (KIP-848). */
export async function measureConsumerGroup(work: GroupWork): Promise<GroupFigures> {
  const count = Math.min(CONNECTIONS_MAX, work.memberCount);
  const connecting = Array.from({ length: count }, () => Wire.connect(work.bootstrap));
  const wires = await Promise.all(connecting);
  const [first] = wires;
  if (first === undefined) throw new Error("a group needs members");
  const topics = topicsOf(work);
  for (const name of topics) await createTopic(first, name, work.partitionCount / topics.length);
  await findCoordinator(first, work.groupId, 0);
  const stability = new Stability(work.memberCount, work.partitionCount);
  const members = Array.from({ length: work.memberCount }, (_, index) => {
    return new Member(work, wires[index % count] ?? first, stability);
  });
  let began = performance.now();
  const running = members.map((member) => member.run());
  // The first failure is the one that is told; the broker's end makes the others fail too.
  for (const each of running) each.catch(() => undefined);
  const failed = Promise.race(running).then(() => stability.reached(work.timeoutMs));
  await Promise.race([stability.reached(work.timeoutMs), failed]);
  const joinToStableMs = performance.now() - began;
  began = performance.now();
  stability.expect(work.memberCount - 1);
  members[0]?.leave();
  await stability.reached(work.timeoutMs);
  const rebalanceMs = performance.now() - began;
  for (const member of members) member.stop();
  await Promise.allSettled(running);
  for (const wire of wires) wire.close();
  return { joinToStableMs, rebalanceMs };
}

function topicsOf({ topic, topicCount = 1 }: GroupWork): readonly string[] {
  return Array.from({ length: topicCount }, (_, index) => `${topic}-${index}`);
}

class Member {
  readonly #work: GroupWork;
  readonly #wire: Wire;
  readonly #stability: Stability;
  readonly #memberId = randomBytes(16).toString("base64url");
  #epoch = 0;
  #owned: readonly Owned[] = [];
  #isStopped = false;
  #isLeaving = false;

  constructor(work: GroupWork, wire: Wire, stability: Stability) {
    this.#work = work;
    this.#wire = wire;
    this.#stability = stability;
  }

  /** Takes part until it is stopped. @throws Error with Kafka's name of what is wrong. */
  async run(): Promise<void> {
    await this.#beat(true);
    while (!this.#isStopped && !this.#isLeaving) {
      await sleep(this.#work.heartbeatMs * (0.9 + Math.random() * 0.2));
      if (!this.#isStopped && !this.#isLeaving) await this.#beat(false);
    }
  }

  leave(): void {
    this.#isLeaving = true;
    this.#stability.remove(this.#memberId);
    void this.#send({ memberEpoch: -1 });
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #beat(joins: boolean): Promise<void> {
    let isFirst = joins;
    let mustReport = joins;
    // A changed assignment is acknowledged at once, as the Java client does.
    do {
      const answer = await this.#send({
        memberEpoch: this.#epoch,
        ...(isFirst
          ? { rebalanceTimeoutMs: 300_000, subscribedTopicNames: [...topicsOf(this.#work)] }
          : {}),
        ...(mustReport ? { topicPartitions: this.#owned } : {}),
      });
      if (this.#isLeaving) return;
      const error = errorName(answer.errorCode);
      if (error !== "NONE") throw new Error(`${error}: ${answer.errorMessage}`);
      this.#epoch = answer.memberEpoch;
      mustReport = answer.assignment !== null;
      if (answer.assignment !== null) this.#owned = answer.assignment.topicPartitions;
      isFirst = false;
      this.#stability.update(this.#memberId, this.#epoch, this.#ownedCount());
    } while (mustReport && !this.#isStopped);
  }

  #send(body: {
    readonly memberEpoch: number;
    readonly rebalanceTimeoutMs?: number;
    readonly subscribedTopicNames?: string[];
    readonly topicPartitions?: readonly Owned[];
  }): Promise<Heartbeat> {
    const { groupId } = this.#work;
    return this.#wire.request(ConsumerGroupHeartbeat, 1, {
      groupId,
      memberId: this.#memberId,
      ...body,
    });
  }

  #ownedCount(): number {
    return this.#owned.reduce((sum, { partitions }) => sum + partitions.length, 0);
  }
}
