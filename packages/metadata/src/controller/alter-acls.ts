import {
  type AclBinding,
  type AclFilter,
  aclPatterns,
  aclPermissions,
  matchesAcl,
} from "../image/acl-filter.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import {
  decided,
  type Decision,
  type DecisionContext,
  RECORDS_PER_REQUEST_MAX,
  refusedDecision,
} from "./decision.ts";
import { type ItemError, itemError, noError } from "./outcome.ts";
import type { DeleteAclsResult } from "./requests.ts";
import { freshUuid } from "./uuids.ts";

/** The last of Kafka's ResourceType, PatternType, AclOperation and AclPermissionType. */
const last = { resourceType: 7, patternType: 4, operation: 15, permissionType: 3 };

/** Decides CreateAcls: one result per entry, in the order asked; what is there already succeeds. */
export function decideCreateAcls(
  context: DecisionContext,
  bindings: readonly AclBinding[],
): Decision<readonly ItemError[]> {
  const known = new Set([...context.image.acls.values()].map(bindingKey));
  const records: MetadataRecord[] = [];
  const results = bindings.map((binding) => {
    const fault = bindingFault(binding);
    if (fault !== undefined) return itemError("INVALID_REQUEST", fault);
    const key = bindingKey(binding);
    if (!known.has(key)) {
      known.add(key);
      const data = { ...binding, id: freshUuid(context.random) };
      records.push({ type: "AccessControlEntryRecord", version: 0, data });
    }
    return noError;
  });
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    return refusedDecision("INVALID_REQUEST", `More than ${RECORDS_PER_REQUEST_MAX} entries.`);
  }
  return decided(records, results);
}

/** Decides DeleteAcls: one result per filter, in the order asked, with the entries that go. */
export function decideDeleteAcls(
  context: DecisionContext,
  filters: readonly AclFilter[],
): Decision<readonly DeleteAclsResult[]> {
  const { acls } = context.image;
  const gone = new Set<string>();
  const records: MetadataRecord[] = [];
  const results = filters.map((filter): DeleteAclsResult => {
    const fault = filterFault(filter);
    if (fault !== undefined) return { ...itemError("INVALID_REQUEST", fault), deleted: [] };
    const deleted = [...acls.values()].filter((entry) => matchesAcl(filter, entry));
    for (const { id } of deleted) {
      if (gone.has(id)) continue;
      gone.add(id);
      records.push({ type: "RemoveAccessControlEntryRecord", version: 0, data: { id } });
    }
    return { ...noError, deleted };
  });
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    const message = `Cannot remove more than ${RECORDS_PER_REQUEST_MAX} entries in one request.`;
    return refusedDecision("INVALID_REQUEST", message);
  }
  return decided(records, results);
}

/** Says what a filter has that no version of Kafka knows; undefined when it is understood. */
export function filterFault(filter: AclFilter): string | undefined {
  return unknownPart(filter, 1);
}

function bindingFault(binding: AclBinding): string | undefined {
  const unknown = unknownPart(binding, 2);
  if (unknown !== undefined) return unknown;
  const { patternType, permissionType } = binding;
  if (patternType !== aclPatterns.literal && patternType !== aclPatterns.prefixed) {
    return `An entry's patternType is LITERAL or PREFIXED, not ${patternType}.`;
  }
  if (permissionType !== aclPermissions.deny && permissionType !== aclPermissions.allow) {
    return `An entry's permissionType is DENY or ALLOW, not ${permissionType}.`;
  }
  if (binding.resourceName === "") return "The resource name must not be empty.";
  if (!binding.principal.includes(":")) {
    return `The principal '${binding.principal}' has no type: write User:name.`;
  }
  return undefined;
}

/** Names the first enumeration whose value lies outside of Kafka's, counted from `first`. */
function unknownPart(of: Omit<AclFilter, "resourceName">, first: number): string | undefined {
  for (const name of ["resourceType", "patternType", "operation", "permissionType"] as const) {
    if (of[name] < first || of[name] > last[name]) return `Invalid ${name} ${of[name]}.`;
  }
  return undefined;
}

function bindingKey(binding: AclBinding): string {
  const { resourceType, patternType, operation, permissionType } = binding;
  const { resourceName, principal, host } = binding;
  return JSON.stringify([
    resourceType,
    patternType,
    operation,
    permissionType,
    resourceName,
    principal,
    host,
  ]);
}
