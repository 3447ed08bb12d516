import type { ErrorName } from "@millrace/protocol";
import { type ClassicGroup, staticMember } from "./classic-group.ts";

/** How a request says who it comes from. */
export interface Claim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/**
 * Whether a request comes from a member: fenced when another process took over its static identity.
 */
export function checkMember(group: Pick<ClassicGroup, "members">, claim: Claim): ErrorName {
  if (claim.groupInstanceId !== null) {
    const holder = staticMember(group, claim.groupInstanceId);
    if (holder === undefined) return "UNKNOWN_MEMBER_ID";
    return holder.memberId === claim.memberId ? "NONE" : "FENCED_INSTANCE_ID";
  }
  return group.members.has(claim.memberId) ? "NONE" : "UNKNOWN_MEMBER_ID";
}
