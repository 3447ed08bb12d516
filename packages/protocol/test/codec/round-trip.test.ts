/** What is encoded decodes to itself: every message, every version, seeded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleMessages } from "../samples/index.ts";
import { valueArbitrary } from "../samples/value-arbitrary.ts";

const seed = 20_261_123;
const runsPerVersion = 60;

test("every message in every version decodes to what was encoded", () => {
  let versionCount = 0;
  for (const message of sampleMessages) {
    for (let version = message.firstVersion; version <= message.lastVersion; version += 1) {
      const codec = message.codec(version);
      const roundTrip = fc.property(valueArbitrary(message.fields, version), (value) => {
        const chunks = codec.encode(value);
        const bytes = Buffer.concat(chunks);
        assert.deepEqual(codec.decode(bytes), value, `${message.name} v${version}`);
        // The same value has one form: encoding what was decoded gives the same bytes.
        assert.deepEqual(Buffer.concat(codec.encode(codec.decode(bytes))), bytes);
      });
      fc.assert(roundTrip, { seed, numRuns: runsPerVersion });
      versionCount += 1;
    }
  }
  assert.equal(versionCount, 739);
});

test("every prefix of a message is refused, and so is a byte behind it", () => {
  for (const message of sampleMessages) {
    const version = message.lastVersion;
    const codec = message.codec(version);
    const [value] = fc.sample(valueArbitrary(message.fields, version), { seed, numRuns: 1 });
    const bytes = Buffer.concat(codec.encode(value));
    for (let size = 0; size < bytes.length; size += 1) {
      assert.throws(
        () => codec.decode(bytes.subarray(0, size)),
        { code: "MALFORMED_MESSAGE" },
        `${message.name} v${version} cut at ${size}`,
      );
    }
    assert.throws(() => codec.decode(Buffer.concat([bytes, Buffer.of(0)])), {
      code: "MALFORMED_MESSAGE",
    });
  }
});
