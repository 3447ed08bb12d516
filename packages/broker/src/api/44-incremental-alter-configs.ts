import {
  errorCodes,
  IncrementalAlterConfigs,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { applyLoggerChanges, validateLoggerChanges } from "../config/index.ts";
import { checkAlteration, repeatedResources } from "./config-alterations.ts";
import { brokerLoggerType, type ResourceRefusal } from "./config-resources.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * IncrementalAlterConfigs (key 44), versions 0-1: sets, deletes, appends to and subtracts from
 * single configurations. Answers per resource, each changed as a whole or not at all.
 * - Levels of broker loggers are changed in this process, until it stops. - v1: flexible.
 */
export const incrementalAlterConfigs: Handler<typeof IncrementalAlterConfigs> = {
  api: IncrementalAlterConfigs,
  versions: "0-1",
  handle,
};

type Request = RequestOf<typeof IncrementalAlterConfigs>;
type Response = ResponseInput<typeof IncrementalAlterConfigs>;
type Resource = Request["resources"][number];

/** What a resource came to when the controller has no part in it. */
type LocalOutcome = ResourceRefusal | "applied" | undefined;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const repeated = repeatedResources(request.resources);
  const { validateOnly } = request;
  const local = request.resources.map((resource) =>
    alterHere(resource, { repeated, validateOnly }, context),
  );
  const outcome = await context.services.controller.incrementalAlterConfigs({
    resources: request.resources.filter((_, index) => local[index] === undefined),
    validateOnly,
  });
  const results = outcome.kind === "done" ? [...outcome.value] : [];
  const responses = request.resources.map(({ resourceType, resourceName }, index) => {
    const here = local[index];
    const resource = { resourceType, resourceName };
    if (here === "applied") return { ...resource, errorCode: errorCodes.NONE, errorMessage: null };
    const refusal = here ?? (outcome.kind === "refused" ? outcome : undefined);
    const result = refusal === undefined ? results.shift() : undefined;
    return {
      ...resource,
      errorCode: errorCodes[refusal?.error ?? result?.error ?? "UNKNOWN_SERVER_ERROR"],
      errorMessage: refusal?.message ?? result?.errorMessage ?? null,
    };
  });
  return { throttleTimeMs: 0, responses };
}

/** Refuses, or changes what belongs to this process; undefined leaves it to the controller. */
function alterHere(
  resource: Resource,
  request: { readonly repeated: ReadonlySet<string>; readonly validateOnly: boolean },
  context: RequestContext,
): LocalOutcome {
  const { services } = context;
  const refusal = checkAlteration(resource, request.repeated, context);
  if (refusal !== undefined) return refusal;
  if (resource.resourceType !== brokerLoggerType) return undefined;
  const rejection = validateLoggerChanges(resource.configs, services.logLevels);
  if (rejection !== undefined) {
    return { error: rejection.error, message: rejection.errorMessage };
  }
  if (!request.validateOnly) applyLoggerChanges(resource.configs, services.logLevels);
  return "applied";
}
