import {
  errorCodes,
  type ErrorName,
  InitProducerId,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { may, mayWithSome, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import { fencingFor } from "./producer-fencing.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * InitProducerId (key 22), versions 0-5: gives a producer the id that makes it idempotent.
 * - v3: a producer that has an id and asks again gets a new one with epoch 0 (KIP-360).
 * - With a transactional id the transaction coordinator decides; who came before is fenced.
 */
export const initProducerId: Handler<typeof InitProducerId> = {
  api: InitProducerId,
  versions: "0-5",
  handle,
};

type Response = ResponseInput<typeof InitProducerId>;

async function handle(
  request: RequestOf<typeof InitProducerId>,
  context: RequestContext,
): Promise<Response> {
  if (request.transactionalId === "") return refuse("INVALID_REQUEST");
  if (!isConsistent(request)) return refuse("INVALID_REQUEST");
  const forbidden = refusalOf(request, context);
  if (forbidden !== undefined) return refuse(forbidden);
  if (request.transactionalId !== null) {
    return initTransactional(request, request.transactionalId, context);
  }
  const outcome = await context.services.producerIds.allocate();
  if (outcome.kind === "refused") return refuse(outcome.error);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    producerId: outcome.producerId,
    producerEpoch: 0,
  };
}

/** Who may write to some topic may write there without doubles, too. */
function refusalOf(
  { transactionalId }: RequestOf<typeof InitProducerId>,
  context: RequestContext,
): ErrorName | undefined {
  if (transactionalId !== null) {
    return may(context, "WRITE", "TRANSACTIONAL_ID", transactionalId)
      ? undefined
      : "TRANSACTIONAL_ID_AUTHORIZATION_FAILED";
  }
  const isAllowed =
    mightDo(context, "IDEMPOTENT_WRITE", "CLUSTER", CLUSTER_RESOURCE) ||
    mayWithSome(context, "WRITE", "TOPIC");
  return isAllowed ? undefined : "CLUSTER_AUTHORIZATION_FAILED";
}

async function initTransactional(
  request: RequestOf<typeof InitProducerId>,
  transactionalId: string,
  context: RequestContext,
): Promise<Response> {
  const { producerId, producerEpoch, transactionTimeoutMs } = request;
  const { transactions } = context.services;
  const reply = await transactions.withProducerId((freshProducerId) =>
    transactions.submit(transactionalId, {
      kind: "init-producer-id",
      transactionalId,
      timeoutMs: transactionTimeoutMs,
      expected: producerId === -1n ? undefined : { producerId, producerEpoch },
      freshProducerId,
    }),
  );
  if (reply.error === "needs-producer-id") return refuse("UNKNOWN_SERVER_ERROR");
  if (reply.error !== "NONE" || !("producerId" in reply))
    return refuse(fencingFor(reply.error, context.apiVersion, 4));
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, ...idOf(reply) };
}

function idOf(reply: { readonly producerId: bigint; readonly producerEpoch: number }) {
  return { producerId: reply.producerId, producerEpoch: reply.producerEpoch };
}

/** Both of producer id and epoch are given, or neither. */
function isConsistent(request: RequestOf<typeof InitProducerId>): boolean {
  return request.producerId === -1n ? request.producerEpoch === -1 : request.producerEpoch !== -1;
}

function refuse(error: ErrorName): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    producerId: -1n,
    producerEpoch: -1,
  };
}
