import assert from "node:assert/strict";
import { test } from "node:test";

import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import { decideDeleteTopics } from "../../src/controller/delete-topics.ts";
import { brokerOf, clusterOf, decideOn, idOf, topicOf } from "../support/decisions.ts";

test("a topic goes with its configurations, an unknown id is answered apart", () => {
  const topic = topicOf("orders", { configs: [{ name: "retention.ms", value: "5" }] });
  const { image, value } = decideOn(clusterOf(brokerOf(1)), (context) =>
    decideCreateTopics(context, { topics: [topic], validateOnly: false }),
  );
  const topicId = value[0]?.topicId ?? idOf(0);
  const ids = [idOf(77), topicId, topicId];
  const deleted = decideOn(image, (context) => decideDeleteTopics(context, ids));
  assert.equal(deleted.image.topics.byName.size, 0);
  assert.equal(deleted.image.configs.size, 0);
  assert.deepEqual(
    deleted.value.map(({ topicId: id, error }) => [id, error]),
    [
      [idOf(77), "UNKNOWN_TOPIC_ID"],
      [topicId, "NONE"],
    ],
  );
});
