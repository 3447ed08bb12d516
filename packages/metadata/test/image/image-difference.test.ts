import assert from "node:assert/strict";
import { test } from "node:test";

import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { imageDifference } from "../../src/image/image-difference.ts";
import { brokerOf, clusterOf, decideOn, topicOf } from "../support/decisions.ts";

test("the step from the empty image names everything once", () => {
  const { image } = decideOn(clusterOf(brokerOf(1)), (context) =>
    decideCreateTopics(context, {
      topics: [topicOf("t", { configs: [{ name: "retention.ms", value: "1" }] })],
      validateOnly: false,
    }),
  );
  const { delta } = imageDifference(emptyImage, image);
  assert.deepEqual([...delta.brokers], [1]);
  assert.deepEqual([...delta.configs], ["topic:t"]);
  assert.equal(delta.topics.created[0]?.name, "t");
  assert.ok(delta.features.has("metadata.version") && delta.features.has("group.version"));
});

test("an image does not differ from itself", () => {
  const image = clusterOf(brokerOf(1));
  const { delta } = imageDifference(image, image);
  assert.equal(delta.brokers.size + delta.configs.size + delta.features.size, 0);
  assert.equal(delta.topics.changed.size, 0);
});
