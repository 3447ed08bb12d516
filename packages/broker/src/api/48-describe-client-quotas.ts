import {
  type ClientQuotaEntity,
  clientQuotaEntityTypes,
  sameQuotaEntity,
} from "@millrace/metadata";
import {
  DescribeClientQuotas,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { byMapOrder } from "../config/index.ts";
import { mayCluster } from "./access.ts";
import { longAnswerMemory } from "./handler.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeClientQuotas (key 48), versions 0-1: lists the quotas of users, client ids and addresses
 * that a filter means.
 * - Strict: only entities of exactly the types asked for. - v1: flexible.
 */
export const describeClientQuotas: Handler<typeof DescribeClientQuotas> = {
  api: DescribeClientQuotas,
  versions: "0-1",
  memory: longAnswerMemory,
  handle,
};

type Request = RequestOf<typeof DescribeClientQuotas>;
type Response = ResponseInput<typeof DescribeClientQuotas>;
type Component = Request["components"][number];
type Values = { readonly key: string; readonly value: number }[];

/** How a component of a filter means an entity's name. */
const matchTypes = { exact: 0, default: 1, specified: 2 } as const;

interface Refusal {
  readonly error: ErrorName;
  readonly message: string;
}

function handle(request: Request, context: RequestContext): Response {
  if (!mayCluster(context, "DESCRIBE_CONFIGS")) {
    const message = "Cluster authorization failed.";
    return refuse({ error: "CLUSTER_AUTHORIZATION_FAILED", message });
  }
  const fault = filterFault(request.components);
  if (fault !== undefined) return refuse(fault);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    // Not null, as from Apache Kafka.
    errorMessage: "",
    entries: matchingEntries(request, context),
  };
}

function matchingEntries(request: Request, { image }: RequestContext): Response["entries"] {
  const entries = new Map<string, { entity: readonly ClientQuotaEntity[]; values: Values }>();
  for (const { entity, key, value } of image.clientQuotas.values()) {
    if (!isMeant(entity, request)) continue;
    const same = sameQuotaEntity(entity);
    const entry = entries.get(same) ?? { entity, values: [] };
    entries.set(same, entry);
    entry.values.push({ key, value });
  }
  return [...entries.values()].map(({ entity, values }) => ({
    entity: byMapOrder(entity, ({ entityType }) => entityType),
    values: inOrderOfValues(values),
  }));
}

/** As Kafka fills a map of no size given from the map of what was changed. */
function inOrderOfValues(values: Values): Values {
  const changed = byMapOrder(values, ({ key }) => key);
  return [...byMapOrder(changed, ({ key }) => key, 1)];
}

function isMeant(entity: readonly ClientQuotaEntity[], { components, strict }: Request): boolean {
  // A strict filter without components means an entity that cannot be.
  if (strict && components.length !== entity.length) return false;
  return components.every(({ entityType, matchType, match }) => {
    const part = entity.find((each) => each.entityType === entityType);
    if (part === undefined) return false;
    return matchType === matchTypes.specified || part.entityName === match;
  });
}

function filterFault(components: readonly Component[]): Refusal | undefined {
  const types = new Set<string>();
  for (const component of components) {
    const { entityType } = component;
    if (entityType === "") return invalid("Invalid empty entity type.");
    if (types.has(entityType)) {
      return invalid(`Entity type ${entityType} cannot appear more than once in the filter.`);
    }
    if (!clientQuotaEntityTypes.has(entityType)) {
      return { error: "UNSUPPORTED_VERSION", message: `Unsupported entity type ${entityType}` };
    }
    const fault = matchFault(component);
    if (fault !== undefined) return invalid(fault);
    types.add(entityType);
  }
  if (!types.has("ip") || types.size === 1) return undefined;
  return invalid(
    "Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.",
  );
}

function matchFault({ matchType, match }: Component): string | undefined {
  switch (matchType) {
    case matchTypes.exact:
      if (match !== null) return undefined;
      return "Request specified MATCH_TYPE_EXACT, but set match string to null.";
    case matchTypes.default:
      if (match === null) return undefined;
      return "Request specified MATCH_TYPE_DEFAULT, but also specified a match string.";
    case matchTypes.specified:
      if (match === null) return undefined;
      return "Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.";
    default:
      return `Unknown match type ${matchType}`;
  }
}

function invalid(message: string): Refusal {
  return { error: "INVALID_REQUEST", message };
}

/** Kafka's entries are null, not empty, when there is an error. */
function refuse({ error, message }: Refusal): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    errorMessage: message,
    entries: null,
  };
}
