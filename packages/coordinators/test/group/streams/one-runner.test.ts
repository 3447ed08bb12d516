import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { StreamsHeartbeatReply } from "../../../src/group/index.ts";
import { parseCommand } from "../../transcript/command.ts";
import { requestOf } from "../../transcript/requests.ts";
import { World } from "../../transcript/world.ts";

// KIP-1071: "The group coordinator will [...] make sure that a task is only assigned to a new
// member once it was revoked by its former owner", and a process has a task in one form alone.

type Action =
  | { readonly kind: "beat" | "leave" | "forget"; readonly member: string }
  | { readonly kind: "grow" | "reload" | "drop" }
  | { readonly kind: "copies"; readonly count: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "tear"; readonly appends: number };

/** Members by their process: two of them share one. */
const processes: Readonly<Record<string, string>> = { a: "p", b: "q", c: "q", d: "r" };

const member = fc.constantFrom("a", "b", "c", "d");
const actions = fc.array(
  fc.oneof(
    { weight: 14, arbitrary: fc.record({ kind: fc.constant("beat" as const), member }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), member }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const), member }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { kind: "grow" as const },
        { kind: "reload" as const },
        { kind: "drop" as const },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("copies" as const), count: fc.nat(2) }),
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

/** A client as it should be: it runs what it was told last, and says so with each heartbeat. */
interface Client {
  epoch: number;
  /** Active tasks, standby tasks, warm-up tasks, as a command has them. */
  tasks: string;
}

class Group {
  readonly world = new World();
  readonly clients = new Map<string, Client>();
  partitionCount = 3;

  async start(config: Partial<World["config"]>): Promise<void> {
    this.world.config = { ...this.world.config, ...config };
    this.resize();
    await this.world.load();
  }

  /** The topics of the topology, as large as its sources. */
  resize(): void {
    for (const topic of ["lines", "counts"]) this.world.setTopic(topic, this.partitionCount);
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
        this.partitionCount = Math.min(this.partitionCount + 1, 6);
        this.resize();
        return;
      case "drop":
        this.world.removeTopic("counts");
        return;
      case "copies":
        this.world.config = { ...this.world.config, standbyReplicas: action.count };
        return;
      case "reload":
        return this.world.load();
      case "forget":
        // The process dies: what it ran nobody runs until its session ends.
        this.clients.delete(action.member);
        return;
      case "leave":
        if (this.clients.has(action.member)) await this.send(action.member, "epoch=-1");
        this.clients.delete(action.member);
        return;
      case "beat":
        return this.beat(action.member);
    }
  }

  /** Sends a heartbeat, or joins; a client that is fenced drops everything and is gone. */
  async beat(name: string): Promise<void> {
    const client = this.clients.get(name) ?? { epoch: 0, tasks: "" };
    const reply = await this.send(name, `epoch=${client.epoch} tasks=${client.tasks}`);
    if (reply.error !== "NONE") {
      this.clients.delete(name);
      return;
    }
    client.epoch = reply.memberEpoch;
    this.clients.set(name, client);
    if (reply.tasks === null) return;
    const { activeTasks, standbyTasks } = reply.tasks;
    client.tasks = [activeTasks, standbyTasks]
      .map((tasks) =>
        tasks.map((ids) => `${ids.subtopologyId}:${ids.partitions.join("+")}`).join(","),
      )
      .join("/");
  }

  async send(name: string, words: string): Promise<StreamsHeartbeatReply> {
    const joins = words.startsWith("epoch=0 ") ? " topology=store" : "";
    const said = `${name} streams-beat g member=${name} process=${processes[name]} ${words}${joins}`;
    const promise = this.world.shard.submit(requestOf(this.world, parseCommand(said)));
    await this.world.settle();
    const reply = await promise;
    assert.equal(reply.kind, "streams-heartbeat");
    return reply;
  }

  /** Where each task is run, of clients that the coordinator still knows. */
  assertOneRunner(): { readonly active: number; readonly standby: number } {
    const group = this.world.shard.state.groups.get("g");
    const runners = new Map<string, string>();
    const holders = new Map<string, string>();
    let standby = 0;
    for (const [name, { tasks }] of this.clients) {
      if (group?.kind !== "streams" || !group.members.has(name)) continue;
      const [active = "", copies = ""] = tasks.split("/");
      for (const task of tasksIn(active)) {
        assert.equal(runners.get(task), undefined, `${task} is run twice`);
        runners.set(task, name);
      }
      for (const task of [...tasksIn(active), ...tasksIn(copies)]) {
        const place = `${task} in ${processes[name]}`;
        assert.equal(holders.get(place), undefined, `${place} is there twice`);
        holders.set(place, name);
      }
      standby += tasksIn(copies).length;
    }
    return { active: runners.size, standby };
  }
}

function tasksIn(text: string): string[] {
  return text === ""
    ? []
    : text.split(",").flatMap((part) => {
        const [id = "", partitions = ""] = part.split(":");
        return partitions.split("+").map((partition) => `${id}_${partition}`);
      });
}

test("no task is run twice, nor twice in a process, whatever happens; in the end all are run", async () => {
  await fc.assert(
    fc.asyncProperty(
      actions,
      fc.constantFrom(0, 1000),
      fc.constantFrom(0, 3000),
      async (steps, assignmentIntervalMs, streamsDelayMs) => {
        const group = new Group();
        await group.start({ assignmentIntervalMs, streamsDelayMs, standbyReplicas: 1 });
        for (const step of steps) {
          await group.act(step);
          if (step.kind !== "tear") await group.world.mend();
          group.assertOneRunner();
        }
        // The disturbances are over: two members of two processes stay.
        group.world.config = { ...group.world.config, standbyReplicas: 1 };
        group.resize();
        await group.world.mend();
        await group.world.advance(46_000);
        for (let round = 0; round < 10; round++) {
          for (const name of ["a", "b"]) await group.beat(name);
          group.assertOneRunner();
          await group.world.advance(2000);
        }
        const state = group.world.shard.state.groups.get("g");
        assert.ok(state?.kind === "streams");
        assert.equal(state.state, "Stable");
        const count = group.partitionCount;
        assert.deepEqual(group.assertOneRunner(), { active: count, standby: count });
        const before = group.world.persistent();
        await group.world.load();
        assert.equal(group.world.persistent(), before);
      },
    ),
    { numRuns: 150 },
  );
});
