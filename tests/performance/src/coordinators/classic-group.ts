import { setTimeout as sleep } from "node:timers/promises";

import {
  errorName,
  Heartbeat,
  JoinGroup,
  LeaveGroup,
  type ResponseOf,
  SyncGroup,
} from "@millrace/protocol";

import { createTopic, findCoordinator, persist } from "./cluster.ts";
import type { GroupFigures, GroupWork } from "./consumer-group.ts";
import { Stability } from "./stability.ts";
import { Wire } from "./wire.ts";

/** Connections that are made at a time: fewer than a listener's backlog (50) holds. */
const CONNECTS_AT_ONCE = 40;

type Joined = ResponseOf<typeof JoinGroup>;

/** Measures a group of the classic protocol. Each member has a connection: a join waits on it. */
export async function measureClassicGroup(work: GroupWork): Promise<GroupFigures> {
  const wires: Wire[] = [];
  while (wires.length < work.memberCount) {
    const count = Math.min(CONNECTS_AT_ONCE, work.memberCount - wires.length);
    const connecting = Array.from({ length: count }, () => connectAndAsk(work));
    wires.push(...(await Promise.all(connecting)));
  }
  const [first] = wires;
  if (first === undefined) throw new Error("a group needs members");
  await createTopic(first, work.topic, work.partitionCount);
  const stability = new Stability(work.memberCount, work.partitionCount);
  const members = wires.map((wire) => new Member(work, wire, stability));
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

/**
 * An answered request proves that the broker has taken the connection. One that its backlog had no
 * room for looks open here, and is tried again by the kernel for up to a minute.
 */
async function connectAndAsk(work: GroupWork): Promise<Wire> {
  const wire = await Wire.connect(work.bootstrap);
  await findCoordinator(wire, work.groupId, 0);
  return wire;
}

class Member {
  readonly #work: GroupWork;
  readonly #wire: Wire;
  readonly #stability: Stability;
  #memberId = "";
  #isStopped = false;

  constructor(work: GroupWork, wire: Wire, stability: Stability) {
    this.#work = work;
    this.#wire = wire;
    this.#stability = stability;
  }

  /** Takes part until it is stopped. @throws Error with Kafka's name of what is wrong. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      const joined = await this.#join();
      if (this.#isStopped) return;
      const synced = await this.#sync(joined);
      if (synced) await this.#stay(joined.generationId);
    }
  }

  leave(): void {
    this.#isStopped = true;
    this.#stability.remove(this.#memberId);
    const { groupId } = this.#work;
    void this.#wire.request(LeaveGroup, 5, { groupId, members: [{ memberId: this.#memberId }] });
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #join(): Promise<Joined> {
    const ask = (): Promise<Joined> =>
      this.#wire.request(JoinGroup, 9, {
        groupId: this.#work.groupId,
        sessionTimeoutMs: 45_000,
        rebalanceTimeoutMs: 300_000,
        memberId: this.#memberId,
        protocolType: "consumer",
        protocols: [{ name: "range", metadata: subscriptionOf(this.#work.topic) }],
      });
    return persist(async () => {
      const answer = await ask();
      if (errorName(answer.errorCode) !== "MEMBER_ID_REQUIRED") return answer;
      this.#memberId = answer.memberId;
      return ask();
    });
  }

  /** False when the group goes on to the next generation already. */
  async #sync(joined: Joined): Promise<boolean> {
    const assignments = joined.leader === this.#memberId ? assignmentsOf(joined, this.#work) : [];
    const answer = await this.#wire.request(SyncGroup, 5, {
      groupId: this.#work.groupId,
      generationId: joined.generationId,
      memberId: this.#memberId,
      protocolType: "consumer",
      protocolName: "range",
      assignments,
    });
    const error = errorName(answer.errorCode);
    if (error === "REBALANCE_IN_PROGRESS" || this.#isStopped) return false;
    if (error !== "NONE") throw new Error(error);
    const owned = countOf(answer.assignment);
    this.#stability.update(this.#memberId, joined.generationId, owned);
    return true;
  }

  /** Sends heartbeats until it is to join again. */
  async #stay(generationId: number): Promise<void> {
    const { groupId, heartbeatMs } = this.#work;
    while (!this.#isStopped) {
      await sleep(heartbeatMs * (0.9 + Math.random() * 0.2));
      const memberId = this.#memberId;
      const answer = await this.#wire.request(Heartbeat, 4, { groupId, generationId, memberId });
      const error = errorName(answer.errorCode);
      if (error === "REBALANCE_IN_PROGRESS" || this.#isStopped) return;
      if (error !== "NONE") throw new Error(error);
    }
  }
}

/** A subscription to one topic in the consumers' own protocol, version 0. */
function subscriptionOf(topic: string): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(2 + 4 + 2 + name.length + 4);
  bytes.writeInt32BE(1, 2);
  bytes.writeInt16BE(name.length, 6);
  name.copy(bytes, 8);
  bytes.writeInt32BE(-1, 8 + name.length);
  return bytes;
}

/** The partitions in turn. */
function assignmentsOf(joined: Joined, work: GroupWork) {
  const memberCount = joined.members.length;
  return joined.members.map(({ memberId }, index) => {
    const partitions: number[] = [];
    for (let each = index; each < work.partitionCount; each += memberCount) partitions.push(each);
    return { memberId, assignment: assignmentOf(work.topic, partitions) };
  });
}

function assignmentOf(topic: string, partitions: readonly number[]): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(2 + 4 + 2 + name.length + 4 + 4 * partitions.length + 4);
  bytes.writeInt32BE(1, 2);
  bytes.writeInt16BE(name.length, 6);
  name.copy(bytes, 8);
  let at = bytes.writeInt32BE(partitions.length, 8 + name.length);
  for (const partition of partitions) at = bytes.writeInt32BE(partition, at);
  bytes.writeInt32BE(-1, at);
  return bytes;
}

function countOf(assignment: Buffer): number {
  if (assignment.length === 0) return 0;
  return assignment.readInt32BE(8 + assignment.readInt16BE(6));
}
