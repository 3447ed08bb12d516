import type { AclEntry, AclResource } from "./acl-plan.ts";

/** Writes a resource as Java's ResourcePattern does. */
export function resourceText(resource: AclResource): string {
  const { resourceType, resourceName, patternType } = resource;
  const kind = `resourceType=${resourceType}`;
  return `ResourcePattern(${kind}, name=${resourceName}, patternType=${patternType})`;
}

/** Writes an entry as Java's AccessControlEntry does. */
export function entryText({ principal, host, operation, permission }: AclEntry): string {
  return (
    `(principal=${principal}, host=${host}, operation=${operation}, ` +
    `permissionType=${permission})`
  );
}
