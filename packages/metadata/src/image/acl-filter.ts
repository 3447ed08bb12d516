import type { AclEntry } from "./kept-records.ts";

/** An access control entry without its id: what clients create and are told. */
export type AclBinding = Omit<AclEntry, "id">;

/** Which entries are meant, with Kafka's numbers; null, and ANY, stand for all. */
export interface AclFilter {
  readonly resourceType: number;
  readonly resourceName: string | null;
  readonly patternType: number;
  readonly principal: string | null;
  readonly host: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

/** Kafka's numbers of PatternType (KIP-290). */
export const aclPatterns = { any: 1, match: 2, literal: 3, prefixed: 4 } as const;

/** Kafka's numbers of AclPermissionType. */
export const aclPermissions = { any: 1, deny: 2, allow: 3 } as const;

/** The name of a literal entry that means every resource of its type. */
export const WILDCARD_RESOURCE = "*";

/** ANY in Kafka's ResourceType, AclOperation and AclPermissionType alike. */
const any = 1;

/** Whether a filter means an entry. */
export function matchesAcl(filter: AclFilter, entry: AclBinding): boolean {
  return (
    isAnyOr(filter.resourceType, entry.resourceType) &&
    isAnyOr(filter.operation, entry.operation) &&
    isAnyOr(filter.permissionType, entry.permissionType) &&
    isNullOr(filter.principal, entry.principal) &&
    isNullOr(filter.host, entry.host) &&
    matchesPattern(filter, entry)
  );
}

function matchesPattern({ patternType, resourceName }: AclFilter, entry: AclBinding): boolean {
  const isExact = patternType !== aclPatterns.any && patternType !== aclPatterns.match;
  if (isExact && patternType !== entry.patternType) return false;
  if (resourceName === null) return true;
  if (patternType !== aclPatterns.match) return resourceName === entry.resourceName;
  if (entry.patternType === aclPatterns.prefixed) {
    return resourceName.startsWith(entry.resourceName);
  }
  return entry.resourceName === resourceName || entry.resourceName === WILDCARD_RESOURCE;
}

function isAnyOr(wanted: number, actual: number): boolean {
  return wanted === any || wanted === actual;
}

function isNullOr(wanted: string | null, actual: string): boolean {
  return wanted === null || wanted === actual;
}
