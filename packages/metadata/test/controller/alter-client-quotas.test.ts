import assert from "node:assert/strict";
import { test } from "node:test";

import { decideAlterClientQuotas } from "../../src/controller/alter-client-quotas.ts";
import type { ClientQuotaAlteration } from "../../src/controller/requests.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { brokerOf, clusterOf, contextOf, decideOn } from "../support/decisions.ts";

/** `user=alice ip=` names an entity, the empty name its default. */
function alteration(entity: string, ...ops: readonly string[]): ClientQuotaAlteration {
  const parts = entity === "" ? [] : entity.split(" ");
  return {
    entity: parts.map((part) => {
      const [entityType = "", entityName = null] = part.split("=");
      return { entityType, entityName: entityName === "default" ? null : entityName };
    }),
    ops: ops.map((op) => {
      const [key = "", value] = op.split("=");
      return { key, value: Number(value ?? 0), remove: value === undefined };
    }),
  };
}

function decide(
  image: ClusterImage,
  entries: readonly ClientQuotaAlteration[],
  validateOnly = false,
) {
  const { value, ...rest } = decideOn(image, (context) =>
    decideAlterClientQuotas(context, { entries, validateOnly }),
  );
  return { ...rest, results: value.map(({ error, errorMessage }) => errorMessage ?? error) };
}

function quotasOf(image: ClusterImage): readonly string[] {
  return [...image.clientQuotas.values()].map(({ entity, key, value }) => {
    const parts = entity.map(({ entityType, entityName }) => `${entityType}=${entityName}`);
    return `${parts.join(" ")} ${key}=${value}`;
  });
}

test("quotas are set, changed and removed; what changes nothing is not written", () => {
  const first = decide(clusterOf(brokerOf(1)), [
    alteration("user=alice", "producer_byte_rate=100", "request_percentage=0.5"),
    alteration("user=default client-id=app", "consumer_byte_rate=5"),
    alteration("ip=default", "connection_creation_rate=7"),
  ]);
  assert.deepEqual(first.results, ["NONE", "NONE", "NONE"]);
  assert.deepEqual(quotasOf(first.image), [
    "user=alice producer_byte_rate=100",
    "user=alice request_percentage=0.5",
    "user=null client-id=app consumer_byte_rate=5",
    "ip=null connection_creation_rate=7",
  ]);
  const second = decide(first.image, [
    alteration("user=alice", "producer_byte_rate=100", "request_percentage", "nonsense"),
    alteration("client-id=app user=default", "consumer_byte_rate=6"),
  ]);
  assert.equal(second.records.length, 2);
  assert.deepEqual(quotasOf(second.image), [
    "user=alice producer_byte_rate=100",
    "client-id=app user=null consumer_byte_rate=6",
    "ip=null connection_creation_rate=7",
  ]);
  assert.equal(decide(first.image, [alteration("user=z", "nonsense")], true).records.length, 0);
});

test("what Apache Kafka refuses is refused, and the entity is left as it was", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ["", "producer_byte_rate=1", "Invalid empty client quota entity"],
    ["user=", "producer_byte_rate=1", "Empty user not supported"],
    ["group=g", "producer_byte_rate=1", "Unhandled client quota entity type: group"],
    ["user=a", "connection_creation_rate=1", "Invalid configuration key connection_creation_rate"],
    ["ip=1.2.3.4", "producer_byte_rate=1", "Invalid configuration key producer_byte_rate"],
    [
      "ip=1.2.3.400",
      "connection_creation_rate=1",
      "1.2.3.400 is not a valid IP or resolvable host.",
    ],
    ["user=a", "producer_byte_rate=0", "Quota producer_byte_rate must be greater than 0"],
    ["user=a", "producer_byte_rate=NaN", "Quota producer_byte_rate must be greater than 0"],
    ["user=a", "producer_byte_rate=1.5", "producer_byte_rate cannot be a fractional value."],
    [
      "user=a",
      "producer_byte_rate=1e19",
      "Proposed value for producer_byte_rate is too large for a LONG.",
    ],
    [
      "ip=::1",
      "connection_creation_rate=3e9",
      "Proposed value for connection_creation_rate is too large for an INT.",
    ],
  ];
  for (const [entity, op, message] of refused) {
    const { results, records } = decide(clusterOf(brokerOf(1)), [
      alteration(entity, "request_percentage", op),
    ]);
    assert.deepEqual([results, records.length], [[message], 0]);
  }
  for (const combination of ["ip=1.2.3.4 user=a", "user=a user=b"]) {
    const { results } = decide(clusterOf(brokerOf(1)), [alteration(combination)]);
    assert.match(results[0] ?? "", /^Invalid /);
  }
});

test("a key or an entity that comes twice is refused; the entity's first entry counts", () => {
  const { results, image } = decide(clusterOf(brokerOf(1)), [
    alteration("user=a", "producer_byte_rate=1", "producer_byte_rate=2"),
    alteration("user=b", "producer_byte_rate=7"),
    alteration("user=b", "producer_byte_rate=8"),
  ]);
  assert.match(results[0] ?? "", /^Duplicate quota key producer_byte_rate/);
  assert.match(results[1] ?? "", /^Ignoring duplicate entity/);
  assert.deepEqual(quotasOf(image), ["user=b producer_byte_rate=7"]);
});

test("a request that would write more than 10,000 records changes nothing", () => {
  const image = clusterOf(brokerOf(1));
  const entries = Array.from({ length: 10_001 }, (_, index) =>
    alteration(`user=u${index}`, "producer_byte_rate=100"),
  );
  const decideAll = (count: number) =>
    decideAlterClientQuotas(contextOf(image), {
      entries: entries.slice(0, count),
      validateOnly: false,
    });
  assert.equal(decideAll(10_000).records.length, 10_000);
  assert.deepEqual(decideAll(10_001), {
    records: [],
    answer: {
      kind: "refused",
      error: "POLICY_VIOLATION",
      message: "Request parameters do not satisfy the configured policy.",
    },
  });
});
