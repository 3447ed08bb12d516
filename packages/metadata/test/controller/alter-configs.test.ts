import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decideAlterConfigs,
  decideIncrementalAlterConfigs,
  newTopicConfigs,
} from "../../src/controller/alter-configs.ts";
import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { configsOf } from "../../src/image/configs-image.ts";
import type { ConfigResourceType } from "../../src/image/configs-image.ts";
import {
  brokerOf,
  clusterOf,
  contextOf,
  decideOn,
  imageAfter,
  topicOf,
} from "../support/decisions.ts";

const TOPIC = 2;
const BROKER = 4;
const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3] as const;

const base = decideOn(clusterOf(brokerOf(1)), (context) =>
  decideCreateTopics(context, { topics: [topicOf("orders")], validateOnly: false }),
).image;

type Config = readonly [operation: number, name: string, value: string | null];

function alter(image: ClusterImage, type: number, name: string, ...configs: readonly Config[]) {
  const resource = {
    resourceType: type,
    resourceName: name,
    configs: configs.map(([configOperation, key, value]) => ({
      name: key,
      configOperation,
      value,
    })),
  };
  return decideOn(image, (context) =>
    decideIncrementalAlterConfigs(context, { resources: [resource], validateOnly: false }),
  );
}

function setOf(image: ClusterImage, type: ConfigResourceType, name: string) {
  return Object.fromEntries(configsOf(image.configs, { type, name }));
}

test("SET, DELETE, APPEND and SUBTRACT change what is set", () => {
  const first = alter(
    base,
    TOPIC,
    "orders",
    [SET, "a", "1"],
    [APPEND, "cleanup.policy", "compact"],
  );
  assert.deepEqual(setOf(first.image, "topic", "orders"), {
    a: "1",
    "cleanup.policy": "delete,compact",
  });
  const second = alter(
    first.image,
    TOPIC,
    "orders",
    [DELETE, "a", null],
    [SUBTRACT, "cleanup.policy", "delete"],
  );
  assert.deepEqual(setOf(second.image, "topic", "orders"), { "cleanup.policy": "compact" });
});

test("appending what is there changes nothing", () => {
  const first = alter(base, TOPIC, "orders", [SET, "cleanup.policy", "compact"]);
  const second = alter(first.image, TOPIC, "orders", [APPEND, "cleanup.policy", "compact"]);
  assert.deepEqual(second.records, []);
});

test("a broker's configuration is written even if it is the same (KAFKA-14136)", () => {
  const first = alter(base, BROKER, "1", [SET, "ssl.keystore.location", "/k"]);
  const second = alter(first.image, BROKER, "1", [SET, "ssl.keystore.location", "/k"]);
  assert.equal(second.records.length, 1);
});

test("each impossible change is refused with its own error", () => {
  const errorOf = (type: number, name: string, ...configs: readonly Config[]) =>
    alter(base, type, name, ...configs).value[0]?.error;
  assert.equal(errorOf(TOPIC, "absent", [SET, "a", "1"]), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.equal(errorOf(BROKER, "x", [SET, "a", "1"]), "INVALID_REQUEST");
  assert.equal(errorOf(BROKER, "9", [SET, "a", "1"]), "BROKER_ID_NOT_REGISTERED");
  assert.equal(errorOf(3, "x", [SET, "a", "1"]), "INVALID_REQUEST");
  assert.equal(errorOf(TOPIC, "orders", [SET, "a", "bad"]), "INVALID_CONFIG");
  assert.equal(errorOf(TOPIC, "orders", [APPEND, "a", "1"]), "INVALID_CONFIG");
  assert.equal(errorOf(TOPIC, "orders", [SET, "a", null]), "INVALID_REQUEST");
  assert.equal(errorOf(TOPIC, "orders", [9, "a", "1"]), "INVALID_REQUEST");
  assert.equal(errorOf(TOPIC, "orders", [SET, "a", "1"], [DELETE, "a", null]), "INVALID_REQUEST");
  assert.equal(errorOf(BROKER, "", [SET, "a", "1"]), "NONE");
});

test("a resource named twice is refused the second time", () => {
  const configs = [{ name: "a", configOperation: SET, value: "1" }];
  const resource = { resourceType: TOPIC, resourceName: "orders", configs };
  const { value } = decideOn(base, (context) =>
    decideIncrementalAlterConfigs(context, { resources: [resource, resource], validateOnly: true }),
  );
  assert.deepEqual(
    value.map(({ error }) => error),
    ["NONE", "INVALID_REQUEST"],
  );
});

test("the older AlterConfigs puts back to its default what it does not name", () => {
  const before = alter(base, TOPIC, "orders", [SET, "a", "1"], [SET, "b", "2"]).image;
  const configs = [{ name: "b", value: "3" }];
  const resource = { resourceType: TOPIC, resourceName: "orders", configs };
  const { image } = decideOn(before, (context) =>
    decideAlterConfigs(context, { resources: [resource], validateOnly: false }),
  );
  assert.deepEqual(setOf(image, "topic", "orders"), { b: "3" });
});

test("min.insync.replicas clears eligible leaders and is no single broker's", () => {
  const key = "min.insync.replicas";
  const topic = alter(base, TOPIC, "orders", [SET, key, "2"]);
  assert.deepEqual(
    topic.records.map(({ type }) => type),
    ["ConfigRecord", "ClearElrRecord"],
  );
  assert.equal(alter(base, BROKER, "1", [SET, key, "2"]).value[0]?.error, "INVALID_CONFIG");
  const cluster = alter(base, BROKER, "", [SET, key, "2"]);
  assert.equal(cluster.value[0]?.error, "NONE");
  const removed = alter(cluster.image, BROKER, "", [DELETE, key, null]);
  assert.equal(removed.value[0]?.error, "INVALID_CONFIG");
});

test("without eligible leader replicas min.insync.replicas is a configuration like others", () => {
  const record = { name: "eligible.leader.replicas.version", featureLevel: 0 };
  const image = imageAfter(base, [{ type: "FeatureLevelRecord", version: 0, data: record }]);
  const { records } = alter(image, BROKER, "1", [SET, "min.insync.replicas", "2"]);
  assert.deepEqual(
    records.map(({ type }) => type),
    ["ConfigRecord"],
  );
});

test("a new topic's configurations are checked as they will be", () => {
  const context = contextOf(base);
  const configs = [{ name: "a", value: "bad" }];
  assert.ok("fault" in newTopicConfigs(context, { name: "new", configs }));
  const fine = newTopicConfigs(context, { name: "new", configs: [{ name: "a", value: "1" }] });
  assert.ok("records" in fine && fine.records.length === 1);
});

test("a request that would write more than 10,000 records changes nothing", () => {
  const configs = Array.from({ length: 10_001 }, (_, index) => ({
    name: `a${index}`,
    configOperation: SET,
    value: "1",
  }));
  const decideAll = (count: number) => {
    const resource = { resourceType: TOPIC, resourceName: "orders" };
    const resources = [{ ...resource, configs: configs.slice(0, count) }];
    return decideIncrementalAlterConfigs(contextOf(base), { resources, validateOnly: false });
  };
  assert.equal(decideAll(10_000).records.length, 10_000);
  assert.deepEqual(decideAll(10_001), {
    records: [],
    answer: {
      kind: "refused",
      error: "POLICY_VIOLATION",
      message: "Unable to perform excessively large batch operation.",
    },
  });
});
