import { configResourceTypeIds } from "@millrace/metadata";
import type { ErrorName } from "@millrace/protocol";

import { may, mayCluster } from "./access.ts";
import {
  brokerLoggerType,
  type NamedResource,
  type ResourceRefusal,
  wrongBroker,
} from "./config-resources.ts";
import { duplicates } from "./duplicates.ts";
import type { RequestContext } from "./request-context.ts";
import { isValidTopicName } from "./topic-names.ts";

/** A resource of AlterConfigs or IncrementalAlterConfigs. */
export interface AlteredResource extends NamedResource {
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/** The resources that a request names more than once, as `checkAlteration` wants them. */
export function repeatedResources(resources: readonly NamedResource[]): ReadonlySet<string> {
  return duplicates(resources.map(keyOf));
}

function keyOf({ resourceType, resourceName }: NamedResource): string {
  return `${resourceType} ${resourceName}`;
}

/** What is wrong with a change before anybody looks at its values; undefined when nothing is. */
export function checkAlteration(
  resource: AlteredResource,
  repeated: ReadonlySet<string>,
  context: RequestContext,
): ResourceRefusal | undefined {
  if (repeated.has(keyOf(resource))) return refuse("Each resource must appear at most once.");
  const repeatedNames = duplicates(resource.configs.map((config) => config.name));
  if (repeatedNames.size > 0) {
    return refuse(`Error due to duplicate config keys: ${[...repeatedNames].join(", ")}`);
  }
  const { resourceType, resourceName } = resource;
  const forbidden = forbiddenError(resource, context);
  if (forbidden !== undefined) return { error: forbidden, message: null };
  if (resourceType === configResourceTypeIds.topic && !isValidTopicName(resourceName)) {
    return { error: "INVALID_TOPIC_EXCEPTION", message: `${resourceName} is no topic name` };
  }
  if (resourceType === configResourceTypeIds.group && resourceName === "") {
    return refuse("Default group resources are not allowed.");
  }
  const isOfBroker =
    resourceType === brokerLoggerType ||
    (resourceType === configResourceTypeIds.broker && resourceName !== "");
  return isOfBroker ? wrongBroker(resourceName, context.services) : undefined;
}

/** Why the requester may not change a resource's configurations; undefined when it may. */
function forbiddenError(
  { resourceType, resourceName }: NamedResource,
  context: RequestContext,
): ErrorName | undefined {
  switch (resourceType) {
    case configResourceTypeIds.topic:
      return may(context, "ALTER_CONFIGS", "TOPIC", resourceName)
        ? undefined
        : "TOPIC_AUTHORIZATION_FAILED";
    case configResourceTypeIds.group:
      return may(context, "ALTER_CONFIGS", "GROUP", resourceName)
        ? undefined
        : "GROUP_AUTHORIZATION_FAILED";
    default:
      return mayCluster(context, "ALTER_CONFIGS") ? undefined : "CLUSTER_AUTHORIZATION_FAILED";
  }
}

function refuse(message: string): ResourceRefusal {
  return { error: "INVALID_REQUEST", message };
}
