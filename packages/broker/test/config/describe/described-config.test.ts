import assert from "node:assert/strict";
import { test } from "node:test";
import { brokerKeys } from "../../../src/config/broker-keys.ts";
import { describeConfig, wantedNames } from "../../../src/config/describe/described-config.ts";

const everything = { configurationKeys: null, includeSynonyms: true, includeDocumentation: true };

test("a secret is hidden, in its synonyms too", () => {
  const name = "ssl.key.password";
  const synonyms = [{ name, value: "hunter2", source: 4 }];
  const described = describeConfig(
    { name, configKey: brokerKeys[name], value: "hunter2", readOnly: false, synonyms },
    everything,
  );
  assert.equal(described.isSensitive, true);
  assert.equal(described.value, null);
  assert.deepEqual(described.synonyms, [{ name, value: null, source: 4 }]);
});

test("what was not asked for is left out, and the source is known all the same", () => {
  const name = "num.partitions";
  const synonyms = [{ name, value: "3", source: 4 }];
  const options = { ...everything, includeSynonyms: false, includeDocumentation: false };
  const configKey = brokerKeys[name];
  const described = describeConfig(
    { name, configKey, value: "3", readOnly: true, synonyms },
    options,
  );
  assert.deepEqual([described.synonyms, described.documentation], [[], null]);
  assert.deepEqual([described.configSource, described.isDefault], [4, false]);
});

test("without a synonym it is the default", () => {
  const configKey = brokerKeys["broker.rack"];
  const described = describeConfig(
    { name: "broker.rack", configKey, value: null, readOnly: true, synonyms: [] },
    everything,
  );
  assert.deepEqual([described.configSource, described.isDefault], [5, true]);
  assert.equal(described.documentation, configKey.documentation);
});

test("no names, or none at all, ask for everything", () => {
  const names = ["a", "b"];
  assert.deepEqual(wantedNames(names, everything), names);
  assert.deepEqual(wantedNames(names, { ...everything, configurationKeys: [] }), names);
  assert.deepEqual(wantedNames(names, { ...everything, configurationKeys: ["b", "c"] }), ["b"]);
});
