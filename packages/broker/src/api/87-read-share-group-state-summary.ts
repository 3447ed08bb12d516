import { ReadShareGroupStateSummary, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { readShareGroupStateSummaries } from "../coordination/share-coordinator-requests.ts";
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
  { services }: RequestContext,
): Promise<ResponseInput<typeof ReadShareGroupStateSummary>> {
  return readShareGroupStateSummaries(request, services.shares.ask);
}
