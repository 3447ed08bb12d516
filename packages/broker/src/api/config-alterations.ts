import { configResourceTypeIds } from "@millrace/metadata";

import type { BrokerServices } from "../services.ts";
import {
  brokerLoggerType,
  type NamedResource,
  type ResourceRefusal,
  wrongBroker,
} from "./config-resources.ts";
import { duplicates } from "./duplicates.ts";
import { isValidTopicName } from "./topic-names.ts";

/** A resource of AlterConfigs or IncrementalAlterConfigs. */
export interface AlteredResource extends NamedResource {
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/** What is wrong with a change before anybody looks at its values; undefined when nothing is. */
export function checkAlteration(
  resource: AlteredResource,
  all: readonly NamedResource[],
  services: BrokerServices,
): ResourceRefusal | undefined {
  const isRepeated = all.some(
    (other) =>
      other !== resource &&
      other.resourceType === resource.resourceType &&
      other.resourceName === resource.resourceName,
  );
  if (isRepeated) return refuse("Each resource must appear at most once.");
  const repeatedNames = duplicates(resource.configs.map((config) => config.name));
  if (repeatedNames.size > 0) {
    return refuse(`Error due to duplicate config keys: ${[...repeatedNames].join(", ")}`);
  }
  const { resourceType, resourceName } = resource;
  if (resourceType === configResourceTypeIds.topic && !isValidTopicName(resourceName)) {
    return { error: "INVALID_TOPIC_EXCEPTION", message: `${resourceName} is no topic name` };
  }
  const isOfBroker =
    resourceType === brokerLoggerType ||
    (resourceType === configResourceTypeIds.broker && resourceName !== "");
  return isOfBroker ? wrongBroker(resourceName, services) : undefined;
}

function refuse(message: string): ResourceRefusal {
  return { error: "INVALID_REQUEST", message };
}
