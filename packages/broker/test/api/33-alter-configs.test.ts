import assert from "node:assert/strict";
import { test } from "node:test";

import { configsOf } from "@millrace/metadata";
import { AlterConfigs, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("every version replaces all that was set; loggers cannot be replaced", async () => {
  await using fixture = await BrokerFixture.start();
  for (let version = 0; version <= 2; version += 1) {
    const name = `orders-${version}`;
    await createTopic(fixture, name, { "retention.ms": "1000", "segment.ms": "5000" });
    const answer = await fixture.request(AlterConfigs, version, {
      resources: [
        {
          resourceType: 2,
          resourceName: name,
          configs: [{ name: "retention.ms", value: "2000" }],
        },
        { resourceType: 8, resourceName: "1", configs: [{ name: "root", value: "WARN" }] },
      ],
      validateOnly: false,
    });
    assert.deepEqual(
      answer.responses.map(({ errorCode }) => errorName(errorCode)),
      ["NONE", "INVALID_REQUEST"],
    );
    const { configs } = fixture.broker.services.image();
    assert.deepEqual([...configsOf(configs, { type: "topic", name })], [["retention.ms", "2000"]]);
  }
});
