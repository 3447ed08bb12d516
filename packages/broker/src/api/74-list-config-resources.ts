import {
  configResourceOfKey,
  configResourceTypeIds,
  type ConfigResourceType,
} from "@millrace/metadata";
import {
  errorCodes,
  ListConfigResources,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { brokerLoggerType } from "./config-resources.ts";
import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ListConfigResources (key 74), versions 0-1: the resources that have configurations.
 * - v0 (ListClientMetricsResources once): subscriptions to client metrics only.
 * - v1: of the kinds asked for, or of all kinds.
 */
export const listConfigResources: Handler<typeof ListConfigResources> = {
  api: ListConfigResources,
  versions: "0-1",
  handle,
};

type Response = ResponseInput<typeof ListConfigResources>;
type Resource = Response["configResources"][number];

const supportedTypes: readonly number[] = [
  configResourceTypeIds.topic,
  configResourceTypeIds.broker,
  brokerLoggerType,
  configResourceTypeIds["client-metrics"],
  configResourceTypeIds.group,
];

function handle(request: RequestOf<typeof ListConfigResources>, context: RequestContext): Response {
  if (!mayCluster(context, "DESCRIBE_CONFIGS")) {
    const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED;
    return { throttleTimeMs: 0, errorCode, configResources: [] };
  }
  const types = typesOf(request, context);
  if (types.some((type) => !supportedTypes.includes(type))) {
    return { throttleTimeMs: 0, errorCode: errorCodes.UNSUPPORTED_VERSION, configResources: [] };
  }
  const configResources = types.flatMap((type) =>
    namesOf(type, context).map((resourceName): Resource => ({ resourceName, resourceType: type })),
  );
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, configResources };
}

function typesOf(
  request: RequestOf<typeof ListConfigResources>,
  context: RequestContext,
): readonly number[] {
  if (context.apiVersion === 0) return [configResourceTypeIds["client-metrics"]];
  return request.resourceTypes.length === 0 ? supportedTypes : [...new Set(request.resourceTypes)];
}

function namesOf(type: number, context: RequestContext): readonly string[] {
  const { topics, brokers } = context.image;
  switch (type) {
    case configResourceTypeIds.topic:
      return [...topics.byName.keys()];
    case configResourceTypeIds.broker:
    case brokerLoggerType:
      return [...brokers.keys()].map(String);
    case configResourceTypeIds["client-metrics"]:
      return configuredNames("client-metrics", context);
    default:
      return configuredNames("group", context);
  }
}

function configuredNames(type: ConfigResourceType, context: RequestContext): readonly string[] {
  return [...context.image.configs.keys()]
    .map(configResourceOfKey)
    .filter((resource) => resource.type === type)
    .map((resource) => resource.name);
}
