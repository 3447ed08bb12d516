import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggerTree } from "@millrace/platform";
import { SimClock, SimRandom } from "@millrace/platform/sim";
import type { Uuid } from "@millrace/protocol";
import fc from "fast-check";
import { Shard } from "../../src/runtime/index.ts";
import {
  type SharePartitionState,
  shareStateMachine,
  type ShareStateRequest,
  type ShareStateTypes,
} from "../../src/share-state/index.ts";
import { MemoryCoordinatorLog } from "../runtime/memory-coordinator-log.ts";

const topicId = Buffer.from("orders----------").toString("base64url") as Uuid;
const partitionCount = 3;
const minuteMs = 60_000;

/** A shard of the share coordinator with all that it meets. */
class World {
  readonly log = new MemoryCoordinatorLog();
  readonly clock = new SimClock();
  readonly pruned: number[] = [];
  isTopicThere = true;
  updatesPerSnapshot = 3;
  #shard: Shard<ShareStateTypes> | undefined;

  get shard(): Shard<ShareStateTypes> {
    assert.ok(this.#shard !== undefined);
    return this.#shard;
  }

  get states(): readonly SharePartitionState[] {
    const { partitions } = this.shard.state;
    return [...partitions.keys()].sort().flatMap((name) => partitions.get(name) ?? []);
  }

  async load(): Promise<void> {
    this.#shard?.close();
    this.#shard = Shard.create<ShareStateTypes>({
      machine: shareStateMachine({
        config: () => ({
          updatesPerSnapshot: this.updatesPerSnapshot,
          pruneIntervalMs: 5 * minuteMs,
          coldSnapshotIntervalMs: 5 * minuteMs,
        }),
        topics: { partitionCountOf: () => (this.isTopicThere ? partitionCount : undefined) },
      }),
      log: this.log,
      clock: this.clock,
      random: new SimRandom(1),
      logger: new LoggerTree({ clock: this.clock, level: "error", write: () => {} }).root,
      perform: ({ beforeOffset }) => this.pruned.push(beforeOffset),
    });
    await this.#shard.load();
  }

  async ask(request: ShareStateRequest) {
    const promise = this.shard.submit(request);
    await this.clock.advance(0);
    return promise;
  }

  async error(request: ShareStateRequest): Promise<string> {
    const reply = await this.ask(request);
    return "error" in reply ? reply.error : reply.kind;
  }
}

async function begun(): Promise<World> {
  const world = new World();
  await world.load();
  return world;
}

const place = (partition = 0) => ({ groupId: "g", topicId, partition });

const initialize = (partition: number, stateEpoch: number, startOffset: number) =>
  ({ kind: "initialize-share-state", ...place(partition), stateEpoch, startOffset }) as const;

function write(
  partition: number,
  first: number,
  change: { readonly stateEpoch?: number; readonly leaderEpoch?: number } = {},
): ShareStateRequest {
  const stateBatches = [
    { firstOffset: first, lastOffset: first + 2, deliveryState: 2, deliveryCount: 1 },
  ];
  return {
    kind: "write-share-state",
    ...place(partition),
    stateEpoch: -1,
    leaderEpoch: -1,
    startOffset: -1,
    deliveryCompleteCount: 3,
    stateBatches,
    ...change,
  };
}

test("every so many updates a snapshot is written, which the next updates build on", async () => {
  const world = await begun();
  await world.ask(initialize(0, 1, 0));
  for (const first of [0, 10, 20, 30, 40]) await world.ask(write(0, first));
  const [state] = world.states;
  assert.equal(state?.snapshotEpoch, 1);
  assert.equal(state?.updateCount, 1);
  assert.equal(state?.stateBatches.length, 5);
});

test("a topic that is not there, and a partition that is not in it, are refused", async () => {
  const world = await begun();
  assert.equal(await world.error(initialize(3, 1, 0)), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.equal(await world.error(initialize(0, 1, 0)), "NONE");
  world.isTopicThere = false;
  for (const kind of ["delete-share-state", "read-share-summary"] as const) {
    assert.equal(await world.error({ kind, ...place() }), "UNKNOWN_TOPIC_OR_PARTITION");
  }
  assert.equal(await world.error(write(0, 0)), "UNKNOWN_TOPIC_OR_PARTITION");
});

test("no state begins before the first offset", async () => {
  const world = await begun();
  assert.equal(await world.error(initialize(0, 1, -2)), "INVALID_REQUEST");
  await world.ask(initialize(0, 1, 5));
  const back = { ...write(0, 0), startOffset: -7 };
  assert.equal(await world.error(back), "INVALID_REQUEST");
  assert.equal(world.states[0]?.startOffset, 5);
});

test("a refused append is answered and leaves no trace", async () => {
  const world = await begun();
  await world.ask(initialize(0, 1, 0));
  world.log.refusal = "NOT_ENOUGH_REPLICAS";
  assert.equal(await world.error(write(0, 0)), "COORDINATOR_NOT_AVAILABLE");
  world.log.refusal = "KAFKA_STORAGE_ERROR";
  assert.equal(await world.error(write(0, 0)), "NOT_COORDINATOR");
  world.log.refusal = undefined;
  assert.deepEqual(world.states[0]?.stateBatches, []);
});

test("what is idle is written down anew, so that the log before it can go", async () => {
  const world = await begun();
  await world.ask(initialize(0, 1, 7));
  await world.ask(initialize(1, 1, 0));
  await world.clock.advance(6 * minuteMs);
  const before = world.states.map(({ snapshotOffset }) => snapshotOffset);
  assert.deepEqual(before, [2, 3], "both were idle for five minutes");
  assert.equal(world.states[0]?.startOffset, 7);
  await world.clock.advance(5 * minuteMs);
  assert.deepEqual(world.pruned.at(-1), 2);
  const end = world.log.logEndOffset;
  await world.clock.advance(60 * minuteMs);
  assert.equal(world.log.logEndOffset, end, "nothing new, nothing written");
});

test("a log without any state may go up to its last record", async () => {
  const world = await begun();
  await world.ask(initialize(0, 1, 7));
  await world.ask({ kind: "delete-share-state", ...place() });
  await world.clock.advance(5 * minuteMs);
  assert.deepEqual(world.pruned, [1]);
});

const partition = fc.integer({ min: 0, max: partitionCount - 1 });
const epoch = fc.integer({ min: -1, max: 4 });
const requests = fc.array(
  fc.oneof(
    fc
      .tuple(partition, epoch, fc.integer({ min: -1, max: 50 }))
      .map(([index, stateEpoch, start]) => initialize(index, stateEpoch, start)),
    fc
      .tuple(partition, fc.integer({ min: 0, max: 50 }), epoch, epoch)
      .map(([index, first, stateEpoch, leaderEpoch]) =>
        write(index, first, { stateEpoch, leaderEpoch }),
      ),
    fc.tuple(partition, epoch).map(
      ([index, leaderEpoch]): ShareStateRequest => ({
        kind: "read-share-state",
        ...place(index),
        leaderEpoch,
      }),
    ),
    partition.map((index): ShareStateRequest => ({ kind: "delete-share-state", ...place(index) })),
  ),
  { maxLength: 40 },
);

test("replay gives the live state, whatever was asked and whenever it was snapshotted", async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.integer({ min: 0, max: 4 }), async (asked, updates) => {
      const world = await begun();
      world.updatesPerSnapshot = updates;
      for (const request of asked) {
        await world.ask(request);
        await world.clock.advance(minuteMs);
      }
      const live = structuredClone(world.states);
      await world.load();
      assert.deepEqual(world.states, live);
      for (const { stateBatches, startOffset } of live) {
        for (const [index, { firstOffset }] of stateBatches.entries()) {
          assert.ok(firstOffset >= startOffset, "kept below the start offset");
          assert.ok(firstOffset > (stateBatches[index - 1]?.lastOffset ?? -1), "overlap");
        }
      }
    }),
    { seed: 20261123, numRuns: 100 },
  );
});
