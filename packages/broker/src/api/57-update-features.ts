import { errorCodes, type RequestOf, type ResponseInput, UpdateFeatures } from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * UpdateFeatures (key 57), versions 0-2: moves finalized feature levels.
 * - v0: one flag says whether a level may go down. v1: the kind of change; validate only.
 * - All or nothing: the first error is that of the whole. - v2: features are not listed.
 */
export const updateFeatures: Handler<typeof UpdateFeatures> = {
  api: UpdateFeatures,
  versions: "0-2",
  handle,
};

type Request = RequestOf<typeof UpdateFeatures>;
type Response = ResponseInput<typeof UpdateFeatures>;

const upgradeTypes = { upgrade: 1, safeDowngrade: 2 } as const;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (!mayCluster(context, "ALTER")) {
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED,
      errorMessage: "Cluster authorization failed.",
      results: [],
    };
  }
  const outcome = await context.services.controller.updateFeatures({
    featureUpdates: request.featureUpdates.map((update) => ({
      feature: update.feature,
      maxVersionLevel: update.maxVersionLevel,
      upgradeType: context.apiVersion === 0 ? upgradeTypeOf(update) : update.upgradeType,
    })),
    validateOnly: request.validateOnly,
  });
  if (outcome.kind === "refused") {
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes[outcome.error],
      errorMessage: outcome.message,
      results: [],
    };
  }
  const failed = outcome.value.find((result) => result.error !== "NONE");
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[failed?.error ?? "NONE"],
    errorMessage: failed?.errorMessage ?? null,
    results: failed === undefined ? outcome.value.map(({ feature }) => succeeded(feature)) : [],
  };
}

function succeeded(feature: string): NonNullable<Response["results"]>[number] {
  return { feature, errorCode: errorCodes.NONE, errorMessage: null };
}

function upgradeTypeOf(update: Request["featureUpdates"][number]): number {
  return update.allowDowngrade ? upgradeTypes.safeDowngrade : upgradeTypes.upgrade;
}
