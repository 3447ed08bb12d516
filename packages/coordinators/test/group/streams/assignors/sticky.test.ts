import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  assignSticky,
  type StreamsMemberToAssign,
} from "../../../../src/group/streams/assignors/sticky.ts";
import type { ConfiguredSubtopology } from "../../../../src/group/streams/configured-topology.ts";
import { NO_TASKS, type TaskMap, type Tasks } from "../../../../src/group/streams/tasks.ts";

type Targets = ReadonlyMap<string, Tasks>;

/** Subtopologies by id: how many tasks each has, and whether it keeps state. */
type Topology = Record<string, { readonly tasks: number; readonly isStateful?: boolean }>;

/** Members with their processes. */
type Members = Record<string, string>;

function assign(
  members: Members,
  topology: Topology,
  options: { readonly copies?: number; readonly before?: Targets } = {},
): Targets {
  const { copies = 0, before = new Map<string, Tasks>() } = options;
  const subtopologies = new Map<string, ConfiguredSubtopology>();
  for (const [subtopologyId, { tasks, isStateful = true }] of Object.entries(topology)) {
    subtopologies.set(subtopologyId, {
      taskCount: tasks,
      isStateful,
      inputTopics: [],
      value: {
        subtopologyId,
        sourceTopics: [],
        sourceTopicRegex: [],
        stateChangelogTopics: [],
        repartitionSinkTopics: [],
        repartitionSourceTopics: [],
        copartitionGroups: [],
      },
    });
  }
  const toAssign = Object.entries(members).map(([memberId, processId]): StreamsMemberToAssign => {
    return { memberId, processId, target: before.get(memberId) ?? NO_TASKS };
  });
  return assignSticky({ members: toAssign, subtopologies, standbyReplicas: copies });
}

function names(tasks: TaskMap | undefined): string[] {
  return [...(tasks ?? [])].flatMap(([id, partitions]) => partitions.map((one) => `${id}_${one}`));
}

function sizes(targets: Targets, kind: "active" | "standby"): number[] {
  return [...targets.values()]
    .map((tasks) => names(tasks[kind]).length)
    .sort((left, right) => left - right);
}

/** How many active tasks have another member than before. */
function moved(before: Targets, after: Targets): number {
  let count = 0;
  for (const [memberId, { active }] of after) {
    const had = new Set(names(before.get(memberId)?.active));
    count += names(active).filter((task) => !had.has(task)).length;
  }
  return count;
}

test("a first assignment gives ranges: neighbours of a subtopology lie together", () => {
  const targets = assign({ a: "p", b: "q" }, { "0": { tasks: 4 }, "1": { tasks: 2 } });
  assert.deepEqual(names(targets.get("a")?.active), ["0_0", "0_2", "1_0"]);
  assert.deepEqual(names(targets.get("b")?.active), ["0_1", "0_3", "1_1"]);
});

test("members of a process with more threads get more", () => {
  const targets = assign({ a: "p", b: "p", c: "p", d: "q" }, { "0": { tasks: 8 } });
  assert.deepEqual(sizes(targets, "active"), [2, 2, 2, 2]);
});

test("who comes gets its share, and nobody else's tasks move", () => {
  const before = assign({ a: "p", b: "q" }, { "0": { tasks: 6 } });
  const after = assign({ a: "p", b: "q", c: "r" }, { "0": { tasks: 6 } }, { before });
  assert.deepEqual(sizes(after, "active"), [2, 2, 2]);
  assert.equal(moved(before, after), 2);
});

test("the task of one that has gone goes to a member that had its copy", () => {
  const members = { a: "p", b: "q", c: "r" };
  const before = assign(members, { "0": { tasks: 3 } }, { copies: 1 });
  const [orphan = ""] = names(before.get("a")?.active);
  const [heir] = [...before].find(([, { standby }]) => names(standby).includes(orphan)) ?? [];
  const after = assign({ b: "q", c: "r" }, { "0": { tasks: 3 } }, { copies: 1, before });
  assert.ok(names(after.get(heir ?? "")?.active).includes(orphan));
});

test("copies of tasks without state are not made", () => {
  const topology = { "0": { tasks: 2, isStateful: false }, "1": { tasks: 2 } };
  const targets = assign({ a: "p", b: "q" }, topology, { copies: 1 });
  assert.deepEqual([...targets.values()].flatMap(({ standby }) => names(standby)).sort(), [
    "1_0",
    "1_1",
  ]);
});

test("where there are too few processes there are fewer copies", () => {
  const targets = assign({ a: "p", b: "p", c: "q" }, { "0": { tasks: 2 } }, { copies: 2 });
  assert.equal(
    sizes(targets, "standby").reduce((sum, size) => sum + size, 0),
    2,
  );
});

test("a topology without tasks, and members without tasks, are no fault", () => {
  assert.deepEqual([...assign({}, { "0": { tasks: 2 } })], []);
  assert.deepEqual(names(assign({ a: "p" }, {}).get("a")?.active), []);
});

const topologies = fc.dictionary(
  fc.constantFrom("0", "1", "2"),
  fc.record({ tasks: fc.integer({ min: 1, max: 9 }), isStateful: fc.boolean() }),
  { minKeys: 1 },
);
const memberships = fc.dictionary(
  fc.constantFrom("a", "b", "c", "d", "e", "f"),
  fc.constantFrom("p", "q", "r", "s"),
  { minKeys: 1 },
);

test("every task is active once, its copies lie in other processes, and loads are even", () => {
  fc.assert(
    fc.property(
      topologies,
      memberships,
      memberships,
      fc.nat(2),
      (topology, members, others, copies) => {
        const before = assign(others, topology, { copies });
        const after = assign(members, topology, { copies, before });
        assertComplete(members, topology, after);
        assertCopied({ members, topology, copies }, after);
        // Where a process has more members than another, tasks go by process first: that and the
        // members' shares may not agree.
        const processCount = new Set(Object.values(members)).size;
        if (processCount < Object.keys(members).length) return;
        const loads = sizes(after, "active");
        const total = loads.reduce((sum, size) => sum + size, 0);
        assert.ok(Math.max(...loads) <= Math.ceil(total / loads.length), loads.join());
        assert.ok(Math.min(...loads) >= Math.floor(total / loads.length), loads.join());
        const again = assign(members, topology, { copies, before: after });
        assert.deepEqual(moved(after, again), 0);
      },
    ),
    { numRuns: 500 },
  );
});

function assertComplete(members: Members, topology: Topology, targets: Targets): void {
  assert.deepEqual([...targets.keys()].sort(), Object.keys(members).sort());
  const given = [...targets.values()].flatMap(({ active }) => names(active));
  const wanted = Object.entries(topology).flatMap(([id, { tasks }]) =>
    Array.from({ length: tasks }, (_, partition) => `${id}_${partition}`),
  );
  assert.deepEqual(given.sort(), wanted.sort());
}

function assertCopied(
  group: { readonly members: Members; readonly topology: Topology; readonly copies: number },
  targets: Targets,
): void {
  const { members, topology, copies } = group;
  const processes = new Map<string, string[]>();
  for (const [memberId, { active, standby }] of targets) {
    for (const task of [...names(active), ...names(standby)]) {
      const there = processes.get(task) ?? [];
      processes.set(task, [...there, members[memberId] ?? ""]);
    }
  }
  const processCount = new Set(Object.values(members)).size;
  for (const [task, there] of processes) {
    assert.equal(new Set(there).size, there.length, `${task} is twice in a process`);
    const isStateful = topology[task.split("_")[0] ?? ""]?.isStateful ?? true;
    const wanted = isStateful ? Math.min(copies, processCount - 1) : 0;
    assert.equal(there.length, 1 + wanted, `${task} has ${there.length - 1} copies`);
  }
}
