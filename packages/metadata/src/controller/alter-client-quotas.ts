import {
  type ClientQuotaEntity,
  clientQuotaEntityTypes,
  clientQuotaKey,
  sameQuotaEntity,
} from "../image/kept-records.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import {
  decided,
  type Decision,
  type DecisionContext,
  RECORDS_PER_REQUEST_MAX,
  refusedDecision,
} from "./decision.ts";
import { type ItemError, itemError, noError } from "./outcome.ts";
import type {
  AlterClientQuotasInput,
  AlterClientQuotasResult,
  ClientQuotaAlteration,
  ClientQuotaOperation,
} from "./requests.ts";

/** What values a quota takes. */
type QuotaValueType = "double" | "int" | "long";

const userAndClientKeys: ReadonlyMap<string, QuotaValueType> = new Map([
  ["producer_byte_rate", "long"],
  ["consumer_byte_rate", "long"],
  ["request_percentage", "double"],
  ["controller_mutation_rate", "double"],
]);

const ipKeys: ReadonlyMap<string, QuotaValueType> = new Map([["connection_creation_rate", "int"]]);

/** A whole number may be off by this much, as it travels as a double. */
const fractionMax = 1e-6;

const INT_MAX = 2_147_483_647;
const LONG_MAX = 2 ** 63;

/**
 * Decides AlterClientQuotas: one result per entity, each changed as a whole or not at all. An
 * entity that comes twice is changed by its first entry, and refused.
 */
export function decideAlterClientQuotas(
  context: DecisionContext,
  input: AlterClientQuotasInput,
): Decision<readonly AlterClientQuotasResult[]> {
  const records: MetadataRecord[] = [];
  const results = new Map<string, AlterClientQuotasResult>();
  for (const alteration of input.entries) {
    const { entity } = alteration;
    const key = sameQuotaEntity(entity);
    if (results.has(key)) {
      const fault = `Ignoring duplicate entity ${entityText(entity)}`;
      results.set(key, { ...itemError("INVALID_REQUEST", fault), entity });
      continue;
    }
    const planned = planEntity(context, alteration);
    const fault = Array.isArray(planned) ? noError : planned;
    if (Array.isArray(planned)) records.push(...planned);
    results.set(key, { error: fault.error, errorMessage: fault.errorMessage, entity });
  }
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    // Kafka's words.
    const message = "Request parameters do not satisfy the configured policy.";
    return refusedDecision("POLICY_VIOLATION", message);
  }
  return decided(input.validateOnly ? [] : records, [...results.values()]);
}

function planEntity(
  context: DecisionContext,
  { entity, ops }: ClientQuotaAlteration,
): MetadataRecord[] | ItemError {
  const seen = new Set<string>();
  for (const { key } of ops) {
    if (seen.has(key)) {
      const message = `Duplicate quota key ${key} not updating quota for this entity ${entityText(entity)}`;
      return itemError("INVALID_REQUEST", message);
    }
    seen.add(key);
  }
  const fault = entityFault(entity);
  if (fault !== undefined) return itemError("INVALID_REQUEST", fault);
  const keys = entity.some(({ entityType }) => entityType === "ip") ? ipKeys : userAndClientKeys;
  const records: MetadataRecord[] = [];
  for (const { key, value, remove } of ops) {
    const invalid = remove ? undefined : valueFault(keys, { key, value, remove });
    if (invalid !== undefined) return itemError("INVALID_REQUEST", invalid);
    const current = context.image.clientQuotas.get(clientQuotaKey(entity, key))?.value;
    // Kafka writes nothing that changes nothing; what is not there can be removed all the same.
    if (remove ? current === undefined : current === value) continue;
    const data = { entity, key, value: remove ? 0 : value, remove };
    records.push({ type: "ClientQuotaRecord", version: 0, data });
  }
  return records;
}

function entityFault(entity: readonly ClientQuotaEntity[]): string | undefined {
  if (entity.length === 0) return "Invalid empty client quota entity";
  const types = new Set<string>();
  for (const { entityType, entityName } of entity) {
    if (types.has(entityType)) {
      return `Invalid client quota entity, duplicate entity entry ${entityType}`;
    }
    if (!clientQuotaEntityTypes.has(entityType)) {
      return `Unhandled client quota entity type: ${entityType}`;
    }
    if (entityName === "") return `Empty ${entityType} not supported`;
    types.add(entityType);
  }
  if (!types.has("ip")) return undefined;
  if (types.size > 1) {
    return "Invalid quota entity combination, IP entity should not be combined with User or ClientId";
  }
  const address = entity[0]?.entityName ?? null;
  if (address === null || isAddress(address)) return undefined;
  return `${address} is not a valid IP or resolvable host.`;
}

/**
 * Whether this is an address as clients come from. Kafka takes host names too, which it looks up
 * for every node anew; a quota that depends on that is refused here.
 */
function isAddress(text: string): boolean {
  if (/^(?:\d{1,3}\.){3}\d{1,3}$/.test(text)) {
    return text.split(".").every((part) => Number(part) <= 255);
  }
  return text.length <= 45 && text.includes(":") && /^[0-9a-fA-F:.]+$/.test(text);
}

function valueFault(
  keys: ReadonlyMap<string, QuotaValueType>,
  { key, value }: ClientQuotaOperation,
): string | undefined {
  const type = keys.get(key);
  if (type === undefined) return `Invalid configuration key ${key}`;
  // The comparison is so that what is no number is refused too.
  if (!(value > 0)) return `Quota ${key} must be greater than 0`;
  if (type === "double") return undefined;
  const max = type === "int" ? INT_MAX : LONG_MAX;
  if (value > max)
    return `Proposed value for ${key} is too large for ${type === "int" ? "an INT" : "a LONG"}.`;
  const isWhole = Math.abs(value % 1) <= fractionMax;
  return isWhole ? undefined : `${key} cannot be a fractional value.`;
}

function entityText(entity: readonly ClientQuotaEntity[]): string {
  const parts = entity.map(({ entityType, entityName }) => `${entityType}=${entityName}`);
  return `ClientQuotaEntity(entries={${parts.join(", ")}})`;
}
