import { type AclEntry, filterFault, matchesAcl } from "@millrace/metadata";
import {
  DescribeAcls,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeAcls (key 29), versions 1-3: lists the access control entries that a filter means, by
 * the resources that they are about.
 */
export const describeAcls: Handler<typeof DescribeAcls> = {
  api: DescribeAcls,
  versions: "1-3",
  handle,
};

type Response = ResponseInput<typeof DescribeAcls>;
type Resource = Response["resources"][number];

function handle(request: RequestOf<typeof DescribeAcls>, context: RequestContext): Response {
  if (!mayCluster(context, "DESCRIBE")) {
    return refuse("CLUSTER_AUTHORIZATION_FAILED", "Cluster authorization failed.");
  }
  if (context.services.authorizer === undefined) {
    return refuse("SECURITY_DISABLED", "No Authorizer is configured on the broker");
  }
  const { principalFilter: principal, hostFilter: host, operation, permissionType } = request;
  const filter = {
    resourceType: request.resourceTypeFilter,
    resourceName: request.resourceNameFilter,
    patternType: request.patternTypeFilter,
    principal,
    host,
    operation,
    permissionType,
  };
  const fault = filterFault(filter);
  if (fault !== undefined) return refuse("INVALID_REQUEST", fault);
  const entries = [...context.image.acls.values()].filter((entry) => matchesAcl(filter, entry));
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    resources: byResource(entries),
  };
}

function byResource(entries: readonly AclEntry[]): Resource[] {
  const resources = new Map<string, Resource & { acls: Resource["acls"][number][] }>();
  for (const entry of entries) {
    const { resourceType, resourceName, patternType } = entry;
    const key = `${resourceType}:${patternType}:${resourceName}`;
    const resource = resources.get(key) ?? { resourceType, resourceName, patternType, acls: [] };
    resources.set(key, resource);
    const { principal, host, operation, permissionType } = entry;
    resource.acls.push({ principal, host, operation, permissionType });
  }
  return [...resources.values()];
}

function refuse(error: ErrorName, errorMessage: string): Response {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], errorMessage, resources: [] };
}
