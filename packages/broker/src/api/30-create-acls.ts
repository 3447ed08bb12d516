import type { AclBinding, ItemError } from "@millrace/metadata";
import { CreateAcls, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { aclResourceTypes, CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/** CreateAcls (key 30), versions 1-3: adds access control entries. */
export const createAcls: Handler<typeof CreateAcls> = { api: CreateAcls, versions: "1-3", handle };

type Request = RequestOf<typeof CreateAcls>;
type Response = ResponseInput<typeof CreateAcls>;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (!mayCluster(context, "ALTER")) {
    return refuseAll(request, {
      error: "CLUSTER_AUTHORIZATION_FAILED",
      errorMessage: "Cluster authorization failed.",
    });
  }
  if (context.services.authorizer === undefined) {
    const errorMessage = "No Authorizer is configured.";
    return refuseAll(request, { error: "SECURITY_DISABLED", errorMessage });
  }
  const bindings = request.creations.map(bindingOf);
  const faults = bindings.map(clusterFault);
  const valid = bindings.filter((_, index) => faults[index] === undefined);
  const outcome = await context.services.controller.createAcls(valid);
  if (outcome.kind === "refused") {
    return refuseAll(request, { error: outcome.error, errorMessage: outcome.message });
  }
  const created = outcome.value.values();
  const results = faults.map((fault) => resultOf(fault ?? created.next().value));
  return { throttleTimeMs: 0, results };
}

function bindingOf(creation: Request["creations"][number]): AclBinding {
  const { resourcePatternType: patternType, ...rest } = creation;
  return { ...rest, patternType };
}

/** A cluster has one name; the controller judges the rest. */
function clusterFault({ resourceType, resourceName }: AclBinding): ItemError | undefined {
  if (resourceType !== aclResourceTypes.CLUSTER || resourceName === CLUSTER_RESOURCE) {
    return undefined;
  }
  const errorMessage = `The only valid name for the CLUSTER resource is ${CLUSTER_RESOURCE}`;
  return { error: "INVALID_REQUEST", errorMessage };
}

function refuseAll(request: Request, fault: ItemError): Response {
  return { throttleTimeMs: 0, results: request.creations.map(() => resultOf(fault)) };
}

function resultOf(result: ItemError | undefined): Response["results"][number] {
  const { error, errorMessage } = result ?? { error: "UNKNOWN_SERVER_ERROR", errorMessage: null };
  return { errorCode: errorCodes[error], errorMessage };
}
