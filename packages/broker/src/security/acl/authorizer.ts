import type { Principal } from "../principal.ts";
import type { AclOperation, AclResourceType } from "./acl-names.ts";

/** Who asks, and from where. */
export interface Requester {
  readonly principal: Principal;
  /** The address of the connection's other end, without a port. */
  readonly remoteHost: string;
}

/** One operation on one resource, by its name. */
export interface Action {
  readonly operation: AclOperation;
  readonly resourceType: AclResourceType;
  readonly resourceName: string;
  /** The API by which it is tried, as Kafka names it. */
  readonly apiName: string;
  /** It only filters, or tells what may be done: a denial is no news for the log. */
  readonly isSilent?: true;
}

/** Decides who may do what. */
export interface Authorizer {
  authorize(requester: Requester, action: Action): boolean;
  /** Whether there is at least one resource of the type for which the operation is allowed. */
  authorizeByResourceType(
    requester: Requester,
    operation: AclOperation,
    resourceType: AclResourceType,
  ): boolean;
}
