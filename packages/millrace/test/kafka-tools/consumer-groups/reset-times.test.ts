import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseDateTime,
  parseIsoDuration,
} from "../../../src/kafka-tools/consumer-groups/reset-times.ts";

test("a time without a zone is one of UTC", () => {
  assert.equal(parseDateTime("1970-01-01T00:00:01.500"), 1500);
  assert.equal(parseDateTime("1970-01-01T01:00:00.000+0100"), 0);
  assert.throws(() => parseDateTime("yesterday"), /does not contain a 'T'/);
  assert.throws(() => parseDateTime("Tuesday"), /Unparseable date/);
});

test("durations are ISO's of days and shorter", () => {
  assert.equal(parseIsoDuration("P1DT2H3M4.5S"), 93_784_500);
  assert.equal(parseIsoDuration("PT1H"), 3_600_000);
  assert.throws(() => parseIsoDuration("P"), /cannot be parsed/);
});
