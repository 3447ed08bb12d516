import assert from "node:assert/strict";
import { test } from "node:test";

import { Produce, versionsOf } from "@millrace/protocol";

import { producing } from "../support/producing.ts";

const { last } = versionsOf(Produce);

test("topics are named by their ids from version 13 on, by their names before it", async () => {
  for (const version of [7, 12, 13]) {
    const { producer, scripted, settle } = await producing({}, { partitions: 2 });
    scripted.broker(1).versions.set(Produce.key, { first: 3, last: version });
    const records = [0, 1].map((partition) => ({ topic: "orders", value: "v", partition }));
    const metadata = await settle(producer.sendMany(records));
    assert.deepEqual(
      metadata.map(({ partition, offset }) => [partition, offset]),
      [
        [0, 0n],
        [1, 0n],
      ],
    );
    const [request] = scripted.broker(1).requestsOf(Produce);
    assert.equal(request?.topicData.length, 1);
    assert.equal(request.topicData[0]?.name, version >= 13 ? "" : "orders");
    assert.equal(request.topicData[0].partitionData.length, 2);
    assert.equal(request.acks, -1);
  }
  assert.equal(last, 13);
});
