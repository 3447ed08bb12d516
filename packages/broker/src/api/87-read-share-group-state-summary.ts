import { ReadShareGroupStateSummary, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { readShareGroupStateSummaries } from "../coordination/share-coordinator-requests.ts";
import { mayCluster } from "./access.ts";
import { refuseEachPartition } from "./share-state-refusal.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ReadShareGroupStateSummary (key 87), versions 0-1: how far a share group's partitions are: start
 * offset and epochs, without the state of single records. Answers per partition.
 * - v1: how many records from the start offset on are done (KIP-1226).
 * - A state that was never begun has start offset -1.
 */
export const readShareGroupStateSummary: Handler<typeof ReadShareGroupStateSummary> = {
  api: ReadShareGroupStateSummary,
  versions: "0-1",
  handle,
};

function handle(
  request: RequestOf<typeof ReadShareGroupStateSummary>,
  context: RequestContext,
):
  | Promise<ResponseInput<typeof ReadShareGroupStateSummary>>
  | ResponseInput<typeof ReadShareGroupStateSummary> {
  const { services } = context;
  if (!mayCluster(context, "CLUSTER_ACTION")) {
    return { results: refuseEachPartition(request.topics, "CLUSTER_AUTHORIZATION_FAILED") };
  }
  return readShareGroupStateSummaries(request, services.shares.ask);
}
