import { STANDARD_AUTHORIZER } from "../../src/config/authorizer-keys.ts";
import {
  type AclOperation,
  aclOperations,
  type AclResourceType,
  aclResourceTypes,
} from "../../src/security/acl/acl-names.ts";

/** The configuration of a broker that keeps to access control entries; `admin` may do all. */
export const withAuthorizer: Readonly<Record<string, string>> = {
  "authorizer.class.name": STANDARD_AUTHORIZER,
  "super.users": "User:admin",
};

/** An entry of CreateAcls that allows a user something on one resource. */
export function allow(
  user: string,
  operation: AclOperation,
  resourceType: AclResourceType,
  resourceName: string,
) {
  return {
    resourceType: aclResourceTypes[resourceType],
    resourceName,
    resourcePatternType: 3,
    principal: `User:${user}`,
    host: "*",
    operation: aclOperations[operation],
    permissionType: 3,
  };
}
