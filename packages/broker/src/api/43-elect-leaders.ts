import { ElectLeaders, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";
import type { ElectLeaderResult } from "@millrace/metadata";

import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ElectLeaders (key 43), versions 0-2: elects the preferred leader, or any replica that lives.
 * - v0: preferred only. v1: the kind of election and an error of the whole. v2: flexible.
 * - No list of partitions means all of them: those that need no election are not told then.
 */
export const electLeaders: Handler<typeof ElectLeaders> = {
  api: ElectLeaders,
  versions: "0-2",
  handle,
};

type Response = ResponseInput<typeof ElectLeaders>;

async function handle(
  request: RequestOf<typeof ElectLeaders>,
  context: RequestContext,
): Promise<Response> {
  const outcome = await context.services.controller.electLeaders(request);
  if (outcome.kind === "refused") {
    const errorCode = context.apiVersion >= 1 ? errorCodes[outcome.error] : undefined;
    return { throttleTimeMs: 0, errorCode, replicaElectionResults: [] };
  }
  const isAll = request.topicPartitions === null;
  const results = outcome.value.filter(
    (result) => !(isAll && result.error === "ELECTION_NOT_NEEDED"),
  );
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    replicaElectionResults: groupByTopic(results),
  };
}

function groupByTopic(results: readonly ElectLeaderResult[]): Response["replicaElectionResults"] {
  const byTopic = Map.groupBy(results, (result) => result.topic);
  return [...byTopic].map(([topic, partitions]) => ({
    topic,
    partitionResult: partitions.map(({ partitionId, error, errorMessage }) => ({
      partitionId,
      errorCode: errorCodes[error],
      errorMessage,
    })),
  }));
}
