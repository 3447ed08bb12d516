import {
  type AclEntry,
  aclPatterns,
  aclPermissions,
  type ClusterImage,
  WILDCARD_RESOURCE,
} from "@millrace/metadata";
import type { Logger } from "@millrace/platform";

import { canonicalAddress } from "../canonical-address.ts";
import { principalText } from "../principal.ts";
import { AclIndex } from "./acl-index.ts";
import {
  type AclOperation,
  aclOperations,
  type AclResourceType,
  aclResourceTypes,
} from "./acl-names.ts";
import type { Action, Authorizer, Requester } from "./authorizer.ts";

/** What a StandardAuthorizer works with. */
export interface StandardAuthorizerOptions {
  readonly image: () => Pick<ClusterImage, "acls">;
  /** `super.users`, as `User:alice`: they may do everything. */
  readonly superUsers: ReadonlySet<string>;
  /** `allow.everyone.if.no.acl.found`. */
  readonly isOpenWithoutAcls: boolean;
  /** Is told of each denial. */
  readonly logger: Logger;
  /** Counts denials under the API's name. */
  readonly countDenial: (apiName: string) => void;
}

const everybody = "User:*";
const anyHost = "*";

/** The allowed operations of which each means that the resource may be described, too. */
const implyDescribe: ReadonlySet<number> = operations([
  "DESCRIBE",
  "READ",
  "WRITE",
  "DELETE",
  "ALTER",
]);
const implyDescribeConfigs: ReadonlySet<number> = operations(["DESCRIBE_CONFIGS", "ALTER_CONFIGS"]);

/**
 * Decides by the access control entries in the cluster's metadata, as Apache Kafka's
 * StandardAuthorizer does: one entry that denies outweighs all that allow, and what no entry is
 * about is denied unless the configuration says otherwise.
 */
export class StandardAuthorizer implements Authorizer {
  readonly #options: StandardAuthorizerOptions;
  #indexed: ClusterImage["acls"] | undefined;
  #index = new AclIndex([]);

  constructor(options: StandardAuthorizerOptions) {
    this.#options = options;
  }

  authorize(requester: Requester, action: Action): boolean {
    const principal = principalText(requester.principal);
    const isAllowed = this.#decide(principal, canonicalAddress(requester.remoteHost), action);
    if (!isAllowed && action.isSilent !== true) {
      const { apiName: request, operation, resourceType, resourceName } = action;
      const { remoteHost: host } = requester;
      const denied = { principal, host, request, operation, resourceType, resourceName };
      this.#options.countDenial(request);
      this.#options.logger.info("denied by the authorizer", denied);
    }
    return isAllowed;
  }

  authorizeByResourceType(
    requester: Requester,
    operation: AclOperation,
    resourceType: AclResourceType,
  ): boolean {
    const principal = principalText(requester.principal);
    const remoteHost = canonicalAddress(requester.remoteHost);
    // A name that nobody has tells whether everything is allowed.
    const anything = { operation, resourceType, resourceName: "hardcode" };
    if (this.#decide(principal, remoteHost, anything)) return true;
    const wanted = aclOperations[operation];
    const mine = [...this.#current().entriesOf(aclResourceTypes[resourceType])].filter(
      (entry) =>
        isFor(entry, principal, remoteHost) &&
        (entry.operation === wanted || entry.operation === aclOperations.ALL),
    );
    return someIsAllowed(mine);
  }

  #decide(principal: string, host: string, action: Omit<Action, "apiName">): boolean {
    const { superUsers, isOpenWithoutAcls } = this.#options;
    if (superUsers.has(principal)) return true;
    const operation = aclOperations[action.operation];
    const resourceType = aclResourceTypes[action.resourceType];
    let isKnown = false;
    let isAllowed = false;
    for (const entry of this.#current().entriesFor(resourceType, action.resourceName)) {
      isKnown = true;
      if (!isFor(entry, principal, host) || !coversOperation(entry, operation)) continue;
      if (entry.permissionType === aclPermissions.deny) return false;
      isAllowed = true;
    }
    return isAllowed || (!isKnown && isOpenWithoutAcls);
  }

  /** The index of the newest entries, made anew when they are others than before. */
  #current(): AclIndex {
    const { acls } = this.#options.image();
    if (acls !== this.#indexed) {
      this.#index = new AclIndex(acls.values());
      this.#indexed = acls;
    }
    return this.#index;
  }
}

function isFor(entry: AclEntry, principal: string, host: string): boolean {
  if (entry.principal !== principal && entry.principal !== everybody) return false;
  return entry.host === anyHost || entry.host === host;
}

function coversOperation(entry: AclEntry, operation: number): boolean {
  if (entry.operation === operation || entry.operation === aclOperations.ALL) return true;
  if (entry.permissionType !== aclPermissions.allow) return false;
  if (operation === aclOperations.DESCRIBE) return implyDescribe.has(entry.operation);
  if (operation === aclOperations.DESCRIBE_CONFIGS) {
    return implyDescribeConfigs.has(entry.operation);
  }
  return false;
}

/** Whether something is allowed that nothing denies. */
function someIsAllowed(entries: readonly AclEntry[]): boolean {
  const denied = entries.filter(({ permissionType }) => permissionType === aclPermissions.deny);
  const allowed = entries.filter(({ permissionType }) => permissionType === aclPermissions.allow);
  const deniedNames = namesOf(denied, aclPatterns.literal);
  if (deniedNames.has(WILDCARD_RESOURCE)) return false;
  const deniedPrefixes = [...namesOf(denied, aclPatterns.prefixed)];
  return allowed.some(({ patternType, resourceName }) => {
    const isLiteral = patternType === aclPatterns.literal;
    if (isLiteral && resourceName === WILDCARD_RESOURCE) return true;
    if (isLiteral && deniedNames.has(resourceName)) return false;
    return !deniedPrefixes.some((prefix) => resourceName.startsWith(prefix));
  });
}

function namesOf(entries: readonly AclEntry[], pattern: number): ReadonlySet<string> {
  const ofPattern = entries.filter(({ patternType }) => patternType === pattern);
  return new Set(ofPattern.map(({ resourceName }) => resourceName));
}

function operations(names: readonly AclOperation[]): ReadonlySet<number> {
  return new Set(names.map((name) => aclOperations[name]));
}
