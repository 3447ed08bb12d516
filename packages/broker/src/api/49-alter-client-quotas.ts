import {
  AlterClientQuotas,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { byMapOrder } from "../config/index.ts";
import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AlterClientQuotas (key 49), versions 0-1: sets and removes quotas of users, client ids and
 * addresses, or only says whether it would.
 * - Answers per entity, each changed as a whole or not at all. - v1: flexible.
 */
export const alterClientQuotas: Handler<typeof AlterClientQuotas> = {
  api: AlterClientQuotas,
  versions: "0-1",
  handle,
};

type Request = RequestOf<typeof AlterClientQuotas>;
type Response = ResponseInput<typeof AlterClientQuotas>;

const forbidden = {
  kind: "refused",
  error: "CLUSTER_AUTHORIZATION_FAILED",
  message: "Cluster authorization failed.",
} as const;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const outcome = mayCluster(context, "ALTER_CONFIGS")
    ? await context.services.controller.alterClientQuotas(request)
    : forbidden;
  if (outcome.kind === "refused") {
    const errorCode = errorCodes[outcome.error];
    const errorMessage = outcome.message;
    const entries = request.entries.map(({ entity }) => ({ errorCode, errorMessage, entity }));
    return { throttleTimeMs: 0, entries };
  }
  const entries = outcome.value.map(({ error, errorMessage, entity }) => ({
    errorCode: errorCodes[error],
    errorMessage,
    entity: byMapOrder(entity, ({ entityType }) => entityType),
  }));
  return { throttleTimeMs: 0, entries };
}
