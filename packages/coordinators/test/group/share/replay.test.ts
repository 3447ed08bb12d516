import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { GroupReply } from "../../../src/group/index.ts";
import { parseCommand } from "../../transcript/command.ts";
import { requestOf } from "../../transcript/requests.ts";
import { World } from "../../transcript/world.ts";

type Action =
  | { readonly kind: "beat" | "leave"; readonly member: string; readonly topics: string }
  | { readonly kind: "begin" | "fail" | "delete"; readonly topic: string }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "grow" | "refuse" };

const member = fc.constantFrom("a", "b", "c", "d");
const topics = fc.constantFrom("t", "u", "t,u");
const topic = fc.constantFrom("t", "u");
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant("beat" as const), member, topics }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), member, topics }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom("begin" as const, "fail" as const), topic }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), topic }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        ms: fc.integer({ min: 1, max: 30_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ kind: "grow" as const }, { kind: "refuse" as const }),
    },
  ),
  { maxLength: 50 },
);

/** Members that do as they are told, and a broker that begins states now and then. */
class Group {
  readonly world = new World();
  readonly epochs = new Map<string, number>();
  partitionCount = 2;

  async start(): Promise<void> {
    this.world.setTopic("t", this.partitionCount);
    this.world.setTopic("u", 1);
    await this.world.load();
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case "wait":
        return this.world.advance(action.ms);
      case "grow":
        this.partitionCount += 1;
        this.world.setTopic("t", this.partitionCount);
        return;
      case "refuse":
        this.world.log.refusal =
          this.world.log.refusal === undefined ? "NOT_ENOUGH_REPLICAS" : undefined;
        return;
      case "begin":
      case "fail": {
        const failed = action.kind === "fail" ? "failed=yes " : "";
        await this.send(`share-initialized g ${failed}partitions=${action.topic}:0+1`);
        return;
      }
      case "delete":
        await this.send(`delete-share-offsets g topics=${action.topic}`);
        return;
      case "leave": {
        const reply = await this.send(`share-beat g member=${action.member} epoch=-1`);
        // Who is not heard goes on.
        const isHeard = !("error" in reply) || reply.error !== "COORDINATOR_NOT_AVAILABLE";
        if (isHeard) this.epochs.delete(action.member);
        return;
      }
      case "beat":
        return this.beat(action.member, action.topics);
    }
  }

  async beat(name: string, names: string): Promise<void> {
    const epoch = this.epochs.get(name) ?? 0;
    const news = epoch === 0 ? ` topics=${names}` : "";
    const reply = await this.send(`share-beat g member=${name} epoch=${epoch}${news}`);
    assert.equal(reply.kind, "share-heartbeat");
    if (reply.error === "NONE") this.epochs.set(name, reply.memberEpoch);
    else if (reply.error !== "COORDINATOR_NOT_AVAILABLE") this.epochs.delete(name);
  }

  async send(words: string): Promise<GroupReply> {
    const promise = this.world.shard.submit(requestOf(this.world, parseCommand(words)));
    await this.world.settle();
    return promise;
  }
}

test("replay gives the live state; only partitions with a state are assigned, to subscribers", async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (sequence) => {
      const group = new Group();
      await group.start();
      for (const action of sequence) await group.act(action);
      group.world.log.refusal = undefined;
      const live = group.world.persistent();
      await group.world.load();
      assert.equal(group.world.persistent(), live);
      const known = group.world.shard.state.groups.get("g");
      if (known?.kind !== "share") return;
      for (const each of known.members.values()) {
        for (const topicId of each.assigned.keys()) {
          const name = group.world.topics.byId(topicId)?.name ?? "";
          assert.ok(each.subscribedTopicNames.includes(name), `${name} is not subscribed to`);
        }
        assert.ok(each.memberEpoch <= known.epoch, "a member ahead of its group");
      }
      for (const target of known.targets.values()) {
        for (const [topicId, partitions] of target) {
          const begun = known.statePartitions.initialized.get(topicId)?.partitions;
          for (const partition of partitions) assert.ok(begun?.has(partition), "no state");
        }
      }
    }),
    { seed: 20261123, numRuns: 150 },
  );
});

test("once nobody comes or goes the epoch rests, and every partition with a state has a member", async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (sequence) => {
      const group = new Group();
      await group.start();
      for (const action of sequence) await group.act(action);
      group.world.log.refusal = undefined;
      const round = async (): Promise<void> => {
        for (const name of group.epochs.keys()) await group.beat(name, "t,u");
        await group.world.advance(1000);
      };
      for (let beats = 0; beats < 4; beats++) {
        await round();
        await group.send("share-initialized g partitions=t:0+1,u:0");
      }
      const known = group.world.shard.state.groups.get("g");
      if (known?.kind !== "share" || known.members.size === 0) return;
      const { epoch } = known;
      await round();
      assert.equal(known.epoch, epoch, "the epoch grows without a reason");
      for (const [topicId, { name, partitions }] of known.statePartitions.initialized) {
        if (known.topicNames.count(name) === 0) continue;
        for (const partition of partitions) {
          const owners = [...known.members.values()].filter(({ assigned }) =>
            assigned.get(topicId)?.includes(partition),
          );
          assert.ok(owners.length > 0, `nobody reads ${name}-${partition}`);
        }
      }
    }),
    { seed: 20261124, numRuns: 100 },
  );
});
