import {
  DescribeConfigs,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { configResourceTypeIds } from "@millrace/metadata";
import {
  describeResource,
  isDescribable,
  type NamedResource,
  type ResourceRefusal,
} from "./config-resources.ts";
import { may, mayCluster } from "./access.ts";
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
    const configs = forbidden(resource, context) ?? describeResource(resource, options, context);
    if ("error" in configs) {
      const { error, message } = configs;
      return { ...resource, errorCode: errorCodes[error], errorMessage: message, configs: [] };
    }
    return { ...resource, errorCode: errorCodes.NONE, errorMessage: null, configs };
  });
  return { throttleTimeMs: 0, results };
}

/** Why the requester may not see a resource's configurations; undefined when it may. */
function forbidden(resource: NamedResource, context: RequestContext): ResourceRefusal | undefined {
  const { resourceType, resourceName } = resource;
  switch (resourceType) {
    case configResourceTypeIds.topic:
      return may(context, "DESCRIBE_CONFIGS", "TOPIC", resourceName)
        ? undefined
        : { error: "TOPIC_AUTHORIZATION_FAILED", message: null };
    case configResourceTypeIds.group:
      return may(context, "DESCRIBE_CONFIGS", "GROUP", resourceName)
        ? undefined
        : { error: "GROUP_AUTHORIZATION_FAILED", message: null };
    default:
      return mayCluster(context, "DESCRIBE_CONFIGS")
        ? undefined
        : { error: "CLUSTER_AUTHORIZATION_FAILED", message: null };
  }
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
