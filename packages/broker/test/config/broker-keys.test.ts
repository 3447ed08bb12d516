import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brokerKeys, brokerKeysByArea, findBrokerKey } from "../../src/config/broker-keys.ts";
import type { ConfigKey } from "../../src/config/config-key.ts";
import { formatConfigValue, parseConfigValue } from "../../src/config/config-value.ts";
import { clientMetricsKeys } from "../../src/config/keys/client-metrics.ts";
import { groupKeys } from "../../src/config/keys/group.ts";
import { topicKeys } from "../../src/config/keys/topic.ts";

// Printed by tests/conformance/configs/ConfigFacts.java from the jars of Apache Kafka 4.3.1.
const facts = readFileSync(new URL("config-facts.golden.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [kind = "", name = "", type, value, valid = "", importance, updateMode, visibility] =
      line.split("\t");
    return { kind, name, type, value, valid, importance, updateMode, visibility };
  });

const tables: Readonly<Record<string, Readonly<Record<string, ConfigKey>>>> = {
  broker: brokerKeys,
  topic: topicKeys,
  group: groupKeys,
  "client-metrics": clientMetricsKeys,
};

/** Kafka has no default for these; ours let a node start without a file. */
const startDefaults = new Set(["process.roles", "node.id", "controller.listener.names"]);

/** Millrace's own, and those of KIP-1191, which Kafka has from 4.4 on. */
function isBeyond(name: string): boolean {
  return name.startsWith("millrace.") || name.startsWith("errors.deadletterqueue.");
}

test("every configuration of Apache Kafka 4.3.1 has its row, and there is none beside it", () => {
  for (const [kind, table] of Object.entries(tables)) {
    const ours = Object.keys(table).filter((name) => !isBeyond(name));
    const theirs = facts.filter((fact) => fact.kind === kind).map((fact) => fact.name);
    assert.deepEqual(ours.sort(), theirs.sort(), kind);
  }
});

test("type, default, importance, update mode and visibility are Kafka's", () => {
  for (const fact of facts) {
    const key = keyOf(fact.kind, fact.name);
    const value =
      key.defaultValue === null ? "null" : `=${formatConfigValue(key, key.defaultValue)}`;
    assert.deepEqual(
      {
        type: key.type,
        value: startDefaults.has(fact.name) ? "none" : value,
        importance: key.importance,
        updateMode: key.updateMode,
        visibility: key.isInternal ? "internal" : "public",
      },
      {
        type: fact.type,
        value: fact.value,
        importance: fact.importance,
        updateMode: fact.updateMode,
        visibility: fact.visibility,
      },
      fact.name,
    );
  }
});

test("a range accepts what Kafka accepts at both its ends", () => {
  let ranges = 0;
  for (const fact of facts) {
    const match = /^\[(-?[\d.]+),\.\.\.(?:,(-?[\d.]+))?\](?: or (-?\d+))?$/.exec(fact.valid);
    if (match === null) continue;
    ranges++;
    const [, minimum, maximum, special] = match;
    const key = keyOf(fact.kind, fact.name);
    assert.equal(accepts(key, minimum), true, `${fact.name} takes ${minimum}`);
    if (special === undefined || Number(special) !== Number(minimum) - 1) {
      assert.equal(accepts(key, String(Number(minimum) - 1)), false, `${fact.name} has a minimum`);
    }
    if (special !== undefined) assert.equal(accepts(key, special), true, fact.name);
    if (maximum === undefined) continue;
    assert.equal(accepts(key, maximum), true, `${fact.name} takes ${maximum}`);
    assert.equal(accepts(key, String(Number(maximum) + 1)), false, `${fact.name} has a maximum`);
  }
  assert.ok(ranges > 200, `${ranges} ranges were seen`);
});

test("named words are the ones that Kafka accepts", () => {
  for (const fact of facts) {
    const [, words] = /^(?:\(case insensitive\) )?\[([A-Za-z_0-9, ]+)\]$/.exec(fact.valid) ?? [];
    if (words === undefined) continue;
    const key = keyOf(fact.kind, fact.name);
    for (const word of words.split(", ")) assert.equal(accepts(key, word), true, fact.name);
    assert.equal(accepts(key, "something-else"), false, fact.name);
  }
});

test("each configuration stands in one area, with a sentence of its own and a reason if it has no effect", () => {
  const names = brokerKeysByArea.flatMap(([, table]) => Object.keys(table));
  assert.deepEqual(names.sort(), Object.keys(brokerKeys).sort());
  for (const [kind, table] of Object.entries(tables)) {
    for (const [name, key] of Object.entries(table)) {
      assert.match(key.documentation, /^[A-Z*].{8,}\.$/, `${kind} ${name}`);
      if (key.status.kind !== "acts") assert.match(key.status.reason, /.{8,}[^.]$/, name);
    }
  }
});

test("the default of a refused configuration is not refused", () => {
  for (const [name, key] of Object.entries(brokerKeys)) {
    if (key.status.kind !== "refused" || key.defaultValue === null) continue;
    const text = formatConfigValue(key, key.defaultValue);
    assert.ok(key.status.allowed.includes(text), name);
  }
});

test("a name that no broker has is not found", () => {
  assert.equal(findBrokerKey("no.such.key"), undefined);
  assert.equal(findBrokerKey("constructor"), undefined);
  assert.equal(findBrokerKey("num.partitions"), brokerKeys["num.partitions"]);
});

function keyOf(kind: string, name: string): ConfigKey {
  const key = tables[kind]?.[name];
  assert.ok(key !== undefined, `${kind} ${name}`);
  return key;
}

function accepts(key: ConfigKey, text: string | undefined): boolean {
  return parseConfigValue(key, text ?? "").ok;
}
