import type { ElectLeaderResult } from "@millrace/metadata";
import {
  ElectLeaders,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ElectLeaders (key 43), versions 0-2: elects the preferred leader, or any replica that lives.
 * - v0: preferred only. v1: the kind of election and an error of the whole. v2: flexible.
 * - No list of partitions means all of them: those that need no election are left out then.
 * - An error of the whole is told for every partition that was asked for, too.
 */
export const electLeaders: Handler<typeof ElectLeaders> = {
  api: ElectLeaders,
  versions: "0-2",
  handle,
};

type Request = RequestOf<typeof ElectLeaders>;
type Response = ResponseInput<typeof ElectLeaders>;
type TopicAnswer = Response["replicaElectionResults"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (!mayCluster(context, "ALTER")) {
    const error = "CLUSTER_AUTHORIZATION_FAILED";
    return {
      throttleTimeMs: 0,
      errorCode: context.apiVersion >= 1 ? errorCodes[error] : undefined,
      replicaElectionResults: refuseAll(request, error, "Cluster authorization failed."),
    };
  }
  const outcome = await context.services.controller.electLeaders(request);
  if (outcome.kind === "refused") {
    const { error, message } = outcome;
    return {
      throttleTimeMs: 0,
      errorCode: context.apiVersion >= 1 ? errorCodes[error] : undefined,
      replicaElectionResults: refuseAll(request, error, message),
    };
  }
  const isAll = request.topicPartitions === null;
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    replicaElectionResults: groupByTopic(outcome.value, isAll),
  };
}

function groupByTopic(
  results: readonly ElectLeaderResult[],
  isAll: boolean,
): readonly TopicAnswer[] {
  const byTopic = Map.groupBy(results, (result) => result.topic);
  return [...byTopic].map(([topic, partitions]) => ({
    topic,
    partitionResult: partitions
      .filter(({ error }) => !(isAll && error === "ELECTION_NOT_NEEDED"))
      .map(({ partitionId, error, errorMessage }) => ({
        partitionId,
        errorCode: errorCodes[error],
        errorMessage,
      })),
  }));
}

function refuseAll(
  request: Request,
  error: ErrorName,
  errorMessage: string,
): readonly TopicAnswer[] {
  return (request.topicPartitions ?? []).map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => ({
      partitionId,
      errorCode: errorCodes[error],
      errorMessage,
    })),
  }));
}
