import { EndTxn, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import { fencingFor } from "./producer-fencing.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * EndTxn (key 26), versions 0-5: commits or aborts a transaction. Answered once the decision is in
 * the log; the markers follow.
 * - v5: the epoch is bumped at every end, and the answer tells it (KIP-890).
 */
export const endTxn: Handler<typeof EndTxn> = { api: EndTxn, versions: "0-5", handle };

async function handle(
  request: RequestOf<typeof EndTxn>,
  context: RequestContext,
): Promise<ResponseInput<typeof EndTxn>> {
  const { transactionalId, producerId, producerEpoch, committed } = request;
  const { transactions } = context.services;
  if (!may(context, "WRITE", "TRANSACTIONAL_ID", transactionalId)) {
    return { throttleTimeMs: 0, errorCode: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED };
  }
  const reply = await transactions.withProducerId((freshProducerId) =>
    transactions.submit(transactionalId, {
      kind: "end-transaction",
      transactionalId,
      producerId,
      producerEpoch,
      isCommit: committed,
      clientTransactionVersion: context.apiVersion >= 5 ? transactions.transactionVersion : 0,
      freshProducerId,
    }),
  );
  if (reply.error !== "NONE" || !("producerId" in reply)) {
    const error = reply.error === "needs-producer-id" ? "UNKNOWN_SERVER_ERROR" : reply.error;
    const known = fencingFor(error, context.apiVersion, 2);
    return { throttleTimeMs: 0, errorCode: errorCodes[known] };
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    producerId: reply.producerId,
    producerEpoch: reply.producerEpoch,
  };
}
