import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { brokerKeys } from "../../src/config/broker-keys.ts";
import { suggestName } from "../../src/config/suggestion.ts";

const names = Object.keys(brokerKeys);

test("a slip of the finger finds what was meant", () => {
  const slips: readonly (readonly [string, string])[] = [
    ["log.retention.hour", "log.retention.hours"],
    ["num.partitons", "num.partitions"],
    ["listner", "listeners"],
    ["log_retention_ms", "log.retention.ms"],
    ["Log.Dirs", "log.dirs"],
    ["auto.create.topic.enable", "auto.create.topics.enable"],
    ["advertised.listener", "advertised.listeners"],
    ["nmu.partitions", "num.partitions"],
  ];
  for (const [slip, meant] of slips) assert.equal(suggestName(slip, names), meant, slip);
});

test("what resembles nothing gets no suggestion", () => {
  for (const name of ["x", "home.dir", "my.own.application.setting"]) {
    assert.equal(suggestName(name, names), undefined, name);
  }
});

test("one letter changed in a long name is always understood", () => {
  const long = names.filter((name) => name.length >= 12);
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (name, seed) => {
      const position = seed % name.length;
      const slip = `${name.slice(0, position)}~${name.slice(position + 1)}`;
      const found = suggestName(slip, names);
      assert.notEqual(found, undefined);
      // Another name may be as near: retention.ms and retention.md have no better answer.
      if (found !== name) assert.equal(found?.length, name.length);
    }),
    { seed: 3 },
  );
});
