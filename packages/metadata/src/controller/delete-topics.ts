import type { Uuid } from "@millrace/protocol";

import type { MetadataRecord } from "../records/metadata-record.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import { itemError, noError } from "./outcome.ts";
import type { DeleteTopicResult } from "./requests.ts";

/** Decides DeleteTopics by id: one result per id, in the order asked. */
export function decideDeleteTopics(
  context: DecisionContext,
  topicIds: readonly Uuid[],
): Decision<readonly DeleteTopicResult[]> {
  const { byId } = context.image.topics;
  const unique = [...new Set(topicIds)];
  const records: MetadataRecord[] = unique
    .filter((topicId) => byId.has(topicId))
    .map((topicId) => ({ type: "RemoveTopicRecord", version: 0, data: { topicId } }));
  const results = unique.map((topicId) => {
    if (byId.has(topicId)) return { ...noError, topicId };
    return { ...itemError("UNKNOWN_TOPIC_ID", `No topic has the id ${topicId}.`), topicId };
  });
  return decided(records, results);
}
