import {
  errorCodes,
  OffsetForLeaderEpoch,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { checkLeader } from "../fetch/read-partitions.ts";
import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { eachMay, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import { answerEachPartition } from "./per-partition.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * OffsetForLeaderEpoch (key 23), versions 2-4: where a leader epoch ended, so that a client or a
 * follower finds where its log left the leader's (KIP-101, KIP-320).
 * - v3: a replica id. v4: flexible.
 */
export const offsetForLeaderEpoch: Handler<typeof OffsetForLeaderEpoch> = {
  api: OffsetForLeaderEpoch,
  versions: "2-4",
  handle,
};

type Request = RequestOf<typeof OffsetForLeaderEpoch>;
type Response = ResponseInput<typeof OffsetForLeaderEpoch>;
type PartitionRequest = Request["topics"][number]["partitions"][number];
type PartitionAnswer = Response["topics"][number]["partitions"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  // A follower needs no permission for the topic.
  const isBroker = mightDo(context, "CLUSTER_ACTION", "CLUSTER", CLUSTER_RESOURCE);
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  const asked = request.topics.map(({ topic, partitions }) => ({ name: topic, partitions }));
  const topics = await answerEachPartition(asked, (topic, partition) =>
    isBroker || mayDescribe(topic)
      ? answerOne(topic, partition, context)
      : { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, partition: partition.partition },
  );
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({ topic: name, partitions })),
  };
}

function answerOne(
  topic: string,
  request: PartitionRequest,
  context: RequestContext,
): PartitionAnswer {
  const { partition } = request;
  const target = context.services.replicas.leader(context.image, topic, partition);
  const error =
    typeof target === "string" ? target : checkLeader(target, request.currentLeaderEpoch);
  if (error !== undefined || typeof target === "string") {
    return { errorCode: errorCodes[error ?? "UNKNOWN_TOPIC_OR_PARTITION"], partition };
  }
  const { leaderEpoch, endOffset } = target.log.endOffsetForEpoch(request.leaderEpoch);
  return { errorCode: errorCodes.NONE, partition, leaderEpoch, endOffset };
}
