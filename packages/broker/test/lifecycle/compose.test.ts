import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const sentence = "an empty log directory is formatted beside others that hold data";

test("a replaced disk is formatted with a word in the log, the first ones without", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  const { fileSystem, logLines } = fixture.platform;
  const told = (): readonly string[] =>
    logLines.map((line) => JSON.stringify(line)).filter((line) => line.includes(sentence));
  await createTopic(fixture, "orders", {}, 4);
  assert.deepEqual(told(), []);
  await fixture.restart({
    whileStopped: () => {
      fileSystem.removeDirectory("/b");
      fileSystem.makeDirectory("/b");
    },
  });
  assert.equal(told().length, 1);
  assert.match(told()[0] ?? "", /"\/b"/u);
  assert.ok(fileSystem.exists("/b/meta.properties"));
});
