import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggerTree } from "@millrace/platform";
import { SimClock } from "@millrace/platform/sim";
import {
  applyLoggerChanges,
  describeBrokerLoggers,
  validateLoggerChanges,
} from "../../src/config/broker-loggers.ts";

const everything = { configurationKeys: null, includeSynonyms: true, includeDocumentation: true };
const [set, remove, append] = [0, 1, 2];

function createLoggers(): LoggerTree {
  const tree = new LoggerTree({ clock: new SimClock(), level: "info", write: () => {} });
  tree.root.child("kafka.server.KafkaApis");
  return tree;
}

function levelsOf(tree: LoggerTree): readonly string[] {
  return describeBrokerLoggers(tree, everything).map(({ name, value }) => `${name}=${value}`);
}

test("each logger is described with the level in force", () => {
  assert.deepEqual(levelsOf(createLoggers()), ["kafka.server.KafkaApis=INFO", "root=INFO"]);
  const [first] = describeBrokerLoggers(createLoggers(), everything);
  assert.deepEqual(first, {
    name: "kafka.server.KafkaApis",
    value: "INFO",
    readOnly: false,
    isDefault: false,
    configSource: 6,
    isSensitive: false,
    synonyms: [],
    configType: 0,
    documentation: null,
  });
});

test("a level is set until it is removed, and FATAL leaves everything out", () => {
  const tree = createLoggers();
  const name = "kafka.server.KafkaApis";
  applyLoggerChanges([{ name, configOperation: set, value: "TRACE" }], tree);
  assert.equal(levelsOf(tree)[0], `${name}=TRACE`);
  applyLoggerChanges([{ name, configOperation: set, value: "FATAL" }], tree);
  assert.equal(levelsOf(tree)[0], `${name}=FATAL`);
  applyLoggerChanges([{ name, configOperation: remove, value: null }], tree);
  assert.equal(levelsOf(tree)[0], `${name}=INFO`);
});

test("only a level that exists can be set, on a logger that exists", () => {
  const tree = createLoggers();
  const refusalOf = (name: string, configOperation: number, value: string | null) => {
    const rejection = validateLoggerChanges([{ name, configOperation, value }], tree);
    return rejection === undefined ? "taken" : `${rejection.error}: ${rejection.errorMessage}`;
  };
  assert.equal(refusalOf("root", set, "DEBUG"), "taken");
  assert.match(refusalOf("root", set, "debug"), /^INVALID_CONFIG: root=debug is not a level; exp/);
  assert.match(refusalOf("root", set, null), /^INVALID_CONFIG/);
  assert.match(refusalOf("kafka.nobody", set, "DEBUG"), /^INVALID_CONFIG: there is no logger/);
  assert.match(refusalOf("root", append, "DEBUG"), /^INVALID_REQUEST/);
  assert.match(refusalOf("root", remove, null), /^INVALID_REQUEST: the level of the root logger/);
});
