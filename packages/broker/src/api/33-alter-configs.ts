import { AlterConfigs, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { checkAlteration, repeatedResources } from "./config-alterations.ts";
import { brokerLoggerType } from "./config-resources.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AlterConfigs (key 33), versions 0-2: replaces all configurations of resources; what is not named
 * goes back to its default. Loggers cannot be replaced as a whole.
 */
export const alterConfigs: Handler<typeof AlterConfigs> = {
  api: AlterConfigs,
  versions: "0-2",
  handle,
};

type Request = RequestOf<typeof AlterConfigs>;
type Response = ResponseInput<typeof AlterConfigs>;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const repeated = repeatedResources(request.resources);
  const checks = request.resources.map((resource) =>
    resource.resourceType === brokerLoggerType
      ? { error: "INVALID_REQUEST" as const, message: "Unexpected resource type BROKER_LOGGER." }
      : checkAlteration(resource, repeated, context),
  );
  const outcome = await context.services.controller.alterConfigs({
    resources: request.resources.filter((_, index) => checks[index] === undefined),
    validateOnly: request.validateOnly,
  });
  const results = outcome.kind === "done" ? [...outcome.value] : [];
  const responses = request.resources.map(({ resourceType, resourceName }, index) => {
    const refusal = checks[index] ?? (outcome.kind === "refused" ? outcome : undefined);
    const result = refusal === undefined ? results.shift() : undefined;
    return {
      resourceType,
      resourceName,
      errorCode: errorCodes[refusal?.error ?? result?.error ?? "UNKNOWN_SERVER_ERROR"],
      errorMessage: refusal?.message ?? result?.errorMessage ?? null,
    };
  });
  return { throttleTimeMs: 0, responses };
}
