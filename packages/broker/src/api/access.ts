import {
  type AclOperation,
  type AclResourceType,
  CLUSTER_RESOURCE,
} from "../security/acl/acl-names.ts";
import type { RequestContext } from "./request-context.ts";

/** What access is asked for: the part of a request's context that decides. */
export type AccessContext = Pick<RequestContext, "services" | "client" | "apiName">;

/** Whether the requester may do something to a resource; a denial is logged. */
export function may(
  context: AccessContext,
  operation: AclOperation,
  resourceType: AclResourceType,
  resourceName: string,
): boolean {
  const { authorizer } = context.services;
  if (authorizer === undefined) return true;
  const { apiName } = context;
  return authorizer.authorize(context.client, { operation, resourceType, resourceName, apiName });
}

/** Whether the requester may do something to the cluster as a whole; a denial is logged. */
export function mayCluster(context: AccessContext, operation: AclOperation): boolean {
  return may(context, operation, "CLUSTER", CLUSTER_RESOURCE);
}

/**
 * Whether the requester may do something to a resource, where the answer filters or tells and
 * nobody tried to do it: a denial is not logged.
 */
export function mightDo(
  context: AccessContext,
  operation: AclOperation,
  resourceType: AclResourceType,
  resourceName: string,
): boolean {
  const { authorizer } = context.services;
  if (authorizer === undefined) return true;
  const { apiName } = context;
  const action = { operation, resourceType, resourceName, apiName, isSilent: true } as const;
  return authorizer.authorize(context.client, action);
}

/** Whether there is at least one resource of the type with which the requester may do it. */
export function mayWithSome(
  context: AccessContext,
  operation: AclOperation,
  resourceType: AclResourceType,
): boolean {
  const { authorizer } = context.services;
  if (authorizer === undefined) return true;
  return authorizer.authorizeByResourceType(context.client, operation, resourceType);
}

/**
 * Gives `may` for one operation on resources of one type, which decides once for each name: a
 * request may name a topic in many places.
 */
export function eachMay(
  context: AccessContext,
  operation: AclOperation,
  resourceType: AclResourceType,
): (resourceName: string) => boolean {
  if (context.services.authorizer === undefined) return allowed;
  const decided = new Map<string, boolean>();
  return (resourceName) => {
    const known = decided.get(resourceName);
    if (known !== undefined) return known;
    const decision = may(context, operation, resourceType, resourceName);
    decided.set(resourceName, decision);
    return decision;
  };
}

function allowed(): boolean {
  return true;
}
