/** The bytes that Apache Kafka's own classes wrote (tests/conformance/golden), read and written. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { goldenFile, readGolden, sampleMessages, sampleValue } from "../samples/index.ts";

const folder = join(import.meta.dirname, "../golden/messages");

test("there are golden bytes of every message and of nothing else", () => {
  const names = sampleMessages.map(({ name }) => goldenFile(name));
  assert.deepEqual(readdirSync(folder).sort(), names.sort());
});

for (const message of sampleMessages) {
  test(`${message.name} is read and written as Kafka does, lowest and highest version`, () => {
    const rows = readGolden(readFileSync(join(folder, goldenFile(message.name)), "utf8"));
    const versions = new Set(rows.map(({ version }) => version));
    assert.deepEqual(versions, new Set([message.firstVersion, message.lastVersion]));
    for (const { version, shape, hex } of rows) {
      const codec = message.codec(version);
      const value = sampleValue(message, version, shape);
      assert.equal(Buffer.concat(codec.encode(value)).toString("hex"), hex);
      assert.deepEqual(codec.decode(Buffer.from(hex, "hex")), value);
    }
  });
}
