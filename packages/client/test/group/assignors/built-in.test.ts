import assert from "node:assert/strict";
import { test } from "node:test";
import { assignorsOf, protocolOf } from "../../../src/group/assignors/built-in.ts";
import type { CustomAssignor } from "../../../src/group/membership.ts";
import { assignmentsFor } from "../../../src/group/classic/leader.ts";
import { readAssignment } from "../../../src/group/classic/consumer-protocol.ts";

const namesOf = (wanted: Parameters<typeof assignorsOf>[0]): readonly string[] =>
  assignorsOf(wanted).map(({ name }) => name);

/** Gives everything to the first member. */
const greedy: CustomAssignor = {
  name: "greedy",
  rebalanceProtocols: ["cooperative", "eager"],
  assign: ([first], counts) => {
    const all = [...counts].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
    return new Map(first === undefined ? [] : [[first.memberId, all]]);
  },
};

test("without a choice it offers what Java's consumer offers", () => {
  assert.deepEqual(namesOf([]), ["range", "cooperative-sticky"]);
});

test("the way of rebalancing is what all assignors can serve, cooperative if possible", () => {
  assert.equal(protocolOf(assignorsOf(["range", "cooperative-sticky"])), "eager");
  assert.equal(protocolOf(assignorsOf(["cooperative-sticky", greedy])), "cooperative");
  const onlyCooperative: CustomAssignor = { ...greedy, rebalanceProtocols: ["cooperative"] };
  assert.throws(() => protocolOf(assignorsOf(["range", onlyCooperative])), {
    code: "INVALID_OPTION",
  });
  assert.throws(() => assignorsOf(["range", "range"]), { code: "INVALID_OPTION" });
});

test("an application's assignor divides, but takes nothing that is still owned", () => {
  const [assignor] = assignorsOf([greedy]);
  assert.ok(assignor !== undefined);
  const member = (memberId: string, owned: readonly number[]) =>
    ({
      memberId,
      groupInstanceId: undefined,
      topics: ["t"],
      ownedPartitions: owned.map((partition) => ({ topic: "t", partition })),
      generationId: 1,
      rackId: undefined,
      userData: undefined,
    }) as const;
  const topics = new Map([
    ["t", [0, 1].map((partition) => ({ topic: "t", partition, racks: [] }))],
  ]);
  const group = (owned: readonly number[], isCooperative: boolean) => ({
    members: new Map([
      ["a", member("a", [])],
      ["b", member("b", owned)],
    ]),
    topics,
    isCooperative,
  });
  const given = assignmentsFor(assignor, group([1], false)).map(({ memberId, assignment }) => {
    return `${memberId} ${readAssignment(assignment)
      .map(({ partition }) => partition)
      .join()}`;
  });
  assert.deepEqual(given, ["a 0,1", "b "]);
  assert.throws(() => assignmentsFor(assignor, group([1], true)), {
    code: "ILLEGAL_STATE",
    topic: "t",
    partition: 1,
  });
});

test("an assignor that nobody knows is refused by name", () => {
  assert.throws(() => assignorsOf(["round-robin" as never]), {
    code: "INVALID_OPTION",
    hint: 'Did you mean "roundrobin"?',
  });
});
