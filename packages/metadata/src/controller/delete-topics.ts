import type { Uuid } from "@millrace/protocol";

import type { MetadataRecord } from "../records/metadata-record.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import { itemError, noError, quotaExceeded } from "./outcome.ts";
import type { ChargePartitions, DeleteTopicResult } from "./requests.ts";

/** Decides DeleteTopics by id: one result per id, in the order asked. */
export function decideDeleteTopics(
  context: DecisionContext,
  topicIds: readonly Uuid[],
  chargePartitions?: ChargePartitions,
): Decision<readonly DeleteTopicResult[]> {
  const { byId } = context.image.topics;
  const records: MetadataRecord[] = [];
  const results = [...new Set(topicIds)].map((topicId) => {
    const topic = byId.get(topicId);
    if (topic === undefined) {
      return { ...itemError("UNKNOWN_TOPIC_ID", `No topic has the id ${topicId}.`), topicId };
    }
    if (chargePartitions?.(topic.partitions.length) === false) return { ...quotaExceeded, topicId };
    records.push({ type: "RemoveTopicRecord", version: 0, data: { topicId } });
    return { ...noError, topicId };
  });
  return decided(records, results);
}
