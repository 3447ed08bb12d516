import type { AclBinding, AclFilter } from "@millrace/metadata";
import {
  DeleteAcls,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/** DeleteAcls (key 31), versions 1-3: removes the access control entries that filters mean. */
export const deleteAcls: Handler<typeof DeleteAcls> = { api: DeleteAcls, versions: "1-3", handle };

type Request = RequestOf<typeof DeleteAcls>;
type Response = ResponseInput<typeof DeleteAcls>;
type FilterResult = Response["filterResults"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (!mayCluster(context, "ALTER")) {
    return refuseAll(request, "CLUSTER_AUTHORIZATION_FAILED", "Cluster authorization failed.");
  }
  if (context.services.authorizer === undefined) {
    return refuseAll(request, "SECURITY_DISABLED", "No Authorizer is configured.");
  }
  const outcome = await context.services.controller.deleteAcls(request.filters.map(filterOf));
  if (outcome.kind === "refused") return refuseAll(request, outcome.error, outcome.message);
  const filterResults = outcome.value.map(
    ({ error, errorMessage, deleted }): FilterResult => ({
      errorCode: errorCodes[error],
      errorMessage,
      matchingAcls: deleted.map(matching),
    }),
  );
  return { throttleTimeMs: 0, filterResults };
}

function filterOf(filter: Request["filters"][number]): AclFilter {
  const { principalFilter: principal, hostFilter: host, operation, permissionType } = filter;
  return {
    resourceType: filter.resourceTypeFilter,
    resourceName: filter.resourceNameFilter,
    patternType: filter.patternTypeFilter,
    principal,
    host,
    operation,
    permissionType,
  };
}

function matching(entry: AclBinding): FilterResult["matchingAcls"][number] {
  const { resourceType, resourceName, patternType } = entry;
  const { principal, host, operation, permissionType } = entry;
  return {
    errorCode: errorCodes.NONE,
    errorMessage: null,
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  };
}

function refuseAll(request: Request, error: ErrorName, errorMessage: string): Response {
  const errorCode = errorCodes[error];
  return {
    throttleTimeMs: 0,
    filterResults: request.filters.map(() => ({ errorCode, errorMessage, matchingAcls: [] })),
  };
}
