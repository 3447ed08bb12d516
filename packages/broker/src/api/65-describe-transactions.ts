import {
  DescribeTransactions,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/** DescribeTransactions (key 65), version 0: where transactional ids stand (KIP-664). */
export const describeTransactions: Handler<typeof DescribeTransactions> = {
  api: DescribeTransactions,
  versions: "0",
  handle,
};

type Response = ResponseInput<typeof DescribeTransactions>;

async function handle(
  request: RequestOf<typeof DescribeTransactions>,
  context: RequestContext,
): Promise<Response> {
  const ids = [...new Set(request.transactionalIds)];
  const transactionStates = ids.map((transactionalId) => describe(transactionalId, context));
  return { throttleTimeMs: 0, transactionStates: await Promise.all(transactionStates) };
}

async function describe(
  transactionalId: string,
  context: RequestContext,
): Promise<Response["transactionStates"][number]> {
  if (!may(context, "DESCRIBE", "TRANSACTIONAL_ID", transactionalId)) {
    return forbidden(transactionalId);
  }
  const reply = await context.services.transactions.submit(transactionalId, {
    kind: "describe-transaction",
    transactionalId,
  });
  return {
    errorCode: errorCodes[reply.error],
    transactionalId,
    transactionState: reply.state,
    transactionTimeoutMs: reply.timeoutMs,
    transactionStartTimeMs: reply.startMs,
    producerId: reply.producerId,
    producerEpoch: reply.producerEpoch,
    topics: [...reply.partitions]
      .filter(([topic]) => may(context, "DESCRIBE", "TOPIC", topic))
      .map(([topic, partitions]) => ({
        topic,
        partitions: [...partitions],
      })),
  };
}

function forbidden(transactionalId: string): Response["transactionStates"][number] {
  return {
    errorCode: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    transactionalId,
    transactionState: "",
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0,
    producerId: 0n,
    producerEpoch: 0,
    topics: [],
  };
}
