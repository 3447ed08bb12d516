import {
  DescribeConfigs,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { describeResource, isDescribable } from "./config-resources.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeConfigs (key 32), versions 1-4: the configurations of topics, brokers, broker loggers,
 * client-metrics subscriptions and groups, with where each value comes from.
 * - No keys asked is all of them. - v1: synonyms. v3: types and documentation.
 */
export const describeConfigs: Handler<typeof DescribeConfigs> = {
  api: DescribeConfigs,
  versions: "1-4",
  // Each resource, named in a few bytes, is answered with a hundred configurations.
  memory: { baseBytes: 256 * 1024, perFrameByte: 4096 },
  handle,
};

function handle(
  request: RequestOf<typeof DescribeConfigs>,
  context: RequestContext,
): ResponseInput<typeof DescribeConfigs> {
  const { includeSynonyms, includeDocumentation } = request;
  const unsupported = request.resources.find(({ resourceType }) => !isDescribable(resourceType));
  if (unsupported !== undefined) return refuseAll(request, unsupported.resourceType);
  const results = request.resources.map(({ configurationKeys, ...resource }) => {
    const options = { configurationKeys, includeSynonyms, includeDocumentation };
    const configs = describeResource(resource, options, context);
    if ("error" in configs) {
      const { error, message } = configs;
      return { ...resource, errorCode: errorCodes[error], errorMessage: message, configs: [] };
    }
    return { ...resource, errorCode: errorCodes.NONE, errorMessage: null, configs };
  });
  return { throttleTimeMs: 0, results };
}

/** One kind that nobody knows spoils the whole request, as in Apache Kafka. */
function refuseAll(
  request: RequestOf<typeof DescribeConfigs>,
  resourceType: number,
): ResponseInput<typeof DescribeConfigs> {
  const refusal = {
    errorCode: errorCodes.INVALID_REQUEST,
    errorMessage: `Unsupported resource type: ${resourceType}`,
    configs: [],
  };
  const results = request.resources.map((resource) => ({
    resourceType: resource.resourceType,
    resourceName: resource.resourceName,
    ...refusal,
  }));
  return { throttleTimeMs: 0, results };
}
