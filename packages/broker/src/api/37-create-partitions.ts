import {
  CreatePartitions,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { duplicates } from "./duplicates.ts";
import { eachMay } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * CreatePartitions (key 37), versions 0-3: adds partitions to topics.
 * - A topic named twice is refused once: INVALID_REQUEST. Answers per topic.
 * - v3: what a quota does not allow is refused (KIP-599); before, the client waits afterwards.
 */
export const createPartitions: Handler<typeof CreatePartitions> = {
  api: CreatePartitions,
  versions: "0-3",
  handle,
};

type Request = RequestOf<typeof CreatePartitions>;
type Response = ResponseInput<typeof CreatePartitions>;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const repeated = duplicates(request.topics.map((topic) => topic.name));
  const mayAlter = eachMay(context, "ALTER", "TOPIC");
  const outcome = await context.services.controller.createPartitions({
    topics: request.topics.filter(({ name }) => !repeated.has(name) && mayAlter(name)),
    validateOnly: request.validateOnly,
    chargePartitions: context.quota?.partitionCharge(context.apiVersion >= 3),
  });
  const refusedOnce = [...repeated].map((name) => ({
    name,
    errorCode: errorCodes.INVALID_REQUEST,
    errorMessage: "Duplicate topic name.",
  }));
  const forbidden = request.topics
    .filter(({ name }) => !repeated.has(name) && !mayAlter(name))
    .map(({ name }) => ({
      name,
      errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
      errorMessage: null,
    }));
  if (outcome.kind === "refused") {
    const results = request.topics.map(({ name }) => ({
      name,
      errorCode: errorCodes[outcome.error],
      errorMessage: outcome.message,
    }));
    return { throttleTimeMs: 0, results };
  }
  const results = outcome.value.map(({ name, error, errorMessage }) => ({
    name,
    errorCode: errorCodes[error],
    errorMessage,
  }));
  return { throttleTimeMs: 0, results: [...refusedOnce, ...forbidden, ...results] };
}
