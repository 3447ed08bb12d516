import {
  AddOffsetsToTxn,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { ensureInternalTopic, internalTopics } from "../coordination/internal-topics.ts";
import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import { fencingFor } from "./producer-fencing.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AddOffsetsToTxn (key 25), versions 0-4: the offsets of a group become part of a transaction: the
 * partition of `__consumer_offsets` that holds the group is added to it.
 */
export const addOffsetsToTxn: Handler<typeof AddOffsetsToTxn> = {
  api: AddOffsetsToTxn,
  versions: "0-4",
  handle,
};

async function handle(
  request: RequestOf<typeof AddOffsetsToTxn>,
  context: RequestContext,
): Promise<ResponseInput<typeof AddOffsetsToTxn>> {
  const { groupId, transactionalId, producerId, producerEpoch } = request;
  const { services } = context;
  if (!may(context, "WRITE", "TRANSACTIONAL_ID", transactionalId)) {
    return { throttleTimeMs: 0, errorCode: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED };
  }
  if (!may(context, "READ", "GROUP", groupId)) {
    return { throttleTimeMs: 0, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  }
  const topic = internalTopics.consumerOffsets;
  const created = await ensureInternalTopic(topic, services);
  const partition = services.groups.shards.partitionOf(groupId);
  if (created !== "NONE" || partition === undefined) {
    return { throttleTimeMs: 0, errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE };
  }
  const { error } = await services.transactions.submit(transactionalId, {
    kind: "add-partitions",
    transactionalId,
    producerId,
    producerEpoch,
    partitions: new Map([[topic, new Set([partition])]]),
    clientTransactionVersion: 0,
  });
  const known = fencingFor(error, context.apiVersion, 2);
  return { throttleTimeMs: 0, errorCode: errorCodes[known] };
}
