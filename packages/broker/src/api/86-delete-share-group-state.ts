import { DeleteShareGroupState, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { deleteShareGroupStates } from "../coordination/share-coordinator-requests.ts";
import { mayCluster } from "./access.ts";
import { refuseEachPartition } from "./share-state-refusal.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DeleteShareGroupState (key 86), version 0: forgets the state of a share group's partitions. Sent
 * by
 * group coordinators; answers per partition. What is not there is deleted already.
 */
export const deleteShareGroupState: Handler<typeof DeleteShareGroupState> = {
  api: DeleteShareGroupState,
  versions: "0",
  handle,
};

function handle(
  request: RequestOf<typeof DeleteShareGroupState>,
  context: RequestContext,
):
  | Promise<ResponseInput<typeof DeleteShareGroupState>>
  | ResponseInput<typeof DeleteShareGroupState> {
  const { services } = context;
  if (!mayCluster(context, "CLUSTER_ACTION")) {
    return { results: refuseEachPartition(request.topics, "CLUSTER_AUTHORIZATION_FAILED") };
  }
  return deleteShareGroupStates(request, services.shares.ask);
}
