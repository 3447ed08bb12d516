import type { Uuid } from "@millrace/protocol";

/**
 * What the image holds of features that are not built yet: the records' own fields, so that they
 * survive in image and snapshots as they were written.
 */

/** A client quota: one key of one entity. */
export interface ClientQuota {
  readonly entity: readonly ClientQuotaEntity[];
  readonly key: string;
  readonly value: number;
}

/** One part of a quota's entity; a null name is the default of its type. */
export interface ClientQuotaEntity {
  readonly entityType: string;
  readonly entityName: string | null;
}

/** A user's SCRAM credential. Its buffers are secrets: never log them. */
export interface ScramCredential {
  readonly name: string;
  /** Kafka's number: 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
  readonly mechanism: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

/** An access control entry with Kafka's numbers for its enumerations. */
export interface AclEntry {
  readonly id: Uuid;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

/** A delegation token. Times are milliseconds since the epoch. */
export interface DelegationToken {
  readonly owner: string;
  readonly requester: string;
  readonly renewers: readonly string[];
  readonly issueTimestamp: number;
  readonly maxTimestamp: number;
  readonly expirationTimestamp: number;
  readonly tokenId: string;
}

/** What a client quota may be for. */
export const clientQuotaEntityTypes: ReadonlySet<string> = new Set(["user", "client-id", "ip"]);

/** Gives the key of a quota in an image; the order of the entity's parts does not count. */
export function clientQuotaKey(entity: readonly ClientQuotaEntity[], key: string): string {
  return JSON.stringify([sortedParts(entity), key]);
}

/** Gives the same text for the same entity, whatever the order of its parts. */
export function sameQuotaEntity(entity: readonly ClientQuotaEntity[]): string {
  return JSON.stringify(sortedParts(entity));
}

function sortedParts(entity: readonly ClientQuotaEntity[]): readonly (string | null)[][] {
  const parts = entity.map((part) => [part.entityType, part.entityName]);
  return parts.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

/** Gives the key of a credential in an image. */
export function scramKey(credential: {
  readonly name: string;
  readonly mechanism: number;
}): string {
  return `${credential.mechanism}:${credential.name}`;
}
