import { errorCodes, InitProducerId, type RequestOf, type ResponseInput } from "@millrace/protocol";

import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * InitProducerId (key 22), versions 0-5: gives a producer the id that makes it idempotent.
 * - v3: a producer that has an id and asks again gets a new one with epoch 0 (KIP-360).
 * - A transactional id is answered TRANSACTIONAL_ID_AUTHORIZATION_FAILED, which no client retries,
 *   until the transaction coordinator is there (docs/errors.md).
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
  if (request.transactionalId !== null) return refuse("TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
  if (!isConsistent(request)) return refuse("INVALID_REQUEST");
  const outcome = await context.services.producerIds.allocate();
  if (outcome.kind === "refused") return refuse(outcome.error);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    producerId: outcome.producerId,
    producerEpoch: 0,
  };
}

/** Both of producer id and epoch are given, or neither. */
function isConsistent(request: RequestOf<typeof InitProducerId>): boolean {
  return request.producerId === -1n ? request.producerEpoch === -1 : request.producerEpoch !== -1;
}

function refuse(
  error:
    | "INVALID_REQUEST"
    | "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"
    | "COORDINATOR_LOAD_IN_PROGRESS",
): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    producerId: -1n,
    producerEpoch: -1,
  };
}
