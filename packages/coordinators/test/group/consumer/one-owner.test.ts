import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ConsumerHeartbeatReply } from "../../../src/group/index.ts";
import { parseCommand } from "../../transcript/command.ts";
import { requestOf } from "../../transcript/requests.ts";
import { World } from "../../transcript/world.ts";

// KIP-848: "a partition is only assigned to a member when it has been revoked by its previous
// owner".

type Action =
  | { readonly kind: "beat" | "leave" | "forget"; readonly member: string }
  | { readonly kind: "subscribe"; readonly member: string; readonly topics: string }
  | { readonly kind: "grow" | "reload" }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "tear"; readonly appends: number };

const member = fc.constantFrom("a", "b", "c", "d");
const actions = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("beat" as const), member }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("subscribe" as const),
        member,
        topics: fc.constantFrom("t", "u", "t,u"),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), member }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const), member }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ kind: "grow" as const }, { kind: "reload" as const }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        ms: fc.integer({ min: 1, max: 20_000 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("tear" as const), appends: fc.nat(4) }),
    },
  ),
  { minLength: 10, maxLength: 60 },
);

/** A client as it should be: it reads what it was told last, and says so with each heartbeat. */
interface Client {
  epoch: number;
  topics: string;
  owned: string;
}

class Group {
  readonly world = new World();
  readonly clients = new Map<string, Client>();
  partitionCount = 3;

  async start(assignmentIntervalMs: number): Promise<void> {
    this.world.config = { ...this.world.config, assignmentIntervalMs };
    this.world.setTopic("t", this.partitionCount);
    this.world.setTopic("u", 2);
    await this.world.load();
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case "wait":
        await this.world.advance(action.ms);
        return;
      case "tear":
        this.world.tearNext(action.appends);
        return;
      case "grow":
        this.partitionCount = Math.min(this.partitionCount + 1, 8);
        this.world.setTopic("t", this.partitionCount);
        return;
      case "reload":
        return this.world.load();
      case "forget":
        // The process dies: what it read nobody reads until its session ends.
        this.clients.delete(action.member);
        return;
      case "leave":
        if (this.clients.has(action.member)) await this.send(action.member, "epoch=-1");
        this.clients.delete(action.member);
        return;
      case "beat":
        return this.beat(action.member);
      case "subscribe":
        return this.beat(action.member, action.topics);
    }
  }

  /** Sends a heartbeat, or joins; a client that is fenced drops everything and is gone. */
  async beat(name: string, topics?: string): Promise<void> {
    const known = this.clients.get(name);
    const client = known ?? { epoch: 0, topics: topics ?? "t", owned: "" };
    client.topics = topics ?? client.topics;
    const news = known === undefined || topics !== undefined ? ` topics=${client.topics}` : "";
    const reply = await this.send(name, `epoch=${client.epoch} owned=${client.owned}${news}`);
    if (reply.error !== "NONE") {
      this.clients.delete(name);
      return;
    }
    client.epoch = reply.memberEpoch;
    this.clients.set(name, client);
    if (reply.assignment === null) return;
    const names = new Map(["t", "u"].map((topic) => [this.world.topicId(topic), topic]));
    client.owned = reply.assignment
      .map(({ topicId, partitions }) => `${names.get(topicId)}:${partitions.join("+")}`)
      .join();
  }

  async send(name: string, words: string): Promise<ConsumerHeartbeatReply> {
    const request = requestOf(this.world, parseCommand(`${name} beat g member=${name} ${words}`));
    const promise = this.world.shard.submit(request);
    await this.world.settle();
    const reply = await promise;
    assert.equal(reply.kind, "consumer-heartbeat");
    return reply;
  }

  /** What each partition is read by, of clients that the coordinator still knows. */
  assertOneOwner(): void {
    const group = this.world.shard.state.groups.get("g");
    const owners = new Map<string, string>();
    for (const [name, { owned }] of this.clients) {
      if (group?.kind !== "consumer" || !group.members.has(name)) continue;
      for (const part of owned === "" ? [] : owned.split(",")) {
        const [topic = "", partitions = ""] = part.split(":");
        for (const partition of partitions.split("+")) {
          const place = `${topic}-${partition}`;
          assert.equal(owners.get(place), undefined, `${place} is read twice`);
          owners.set(place, name);
        }
      }
    }
  }
}

test("no partition is read by two members at once, whatever happens; in the end all are read", async () => {
  await fc.assert(
    fc.asyncProperty(actions, fc.constantFrom(0, 1000), async (steps, intervalMs) => {
      const group = new Group();
      await group.start(intervalMs);
      for (const step of steps) {
        await group.act(step);
        if (step.kind !== "tear") await group.world.mend();
        group.assertOneOwner();
      }
      await group.world.mend();
      await group.world.advance(46_000);
      for (let round = 0; round < 8; round++) {
        for (const name of ["a", "b"]) await group.beat(name, round === 0 ? "t" : undefined);
        group.assertOneOwner();
        await group.world.advance(2000);
      }
      const state = group.world.shard.state.groups.get("g");
      assert.ok(state?.kind === "consumer");
      assert.equal(state.state, "Stable");
      const before = group.world.persistent();
      await group.world.load();
      assert.equal(group.world.persistent(), before);
    }),
    { numRuns: 150 },
  );
});
