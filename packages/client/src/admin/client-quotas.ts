import { AlterClientQuotas, DescribeClientQuotas } from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions, ValidateOptions } from "./call-options.ts";
import { type Outcomes, settleEach, settleOne } from "./settle-each.ts";

/** Whom a quota is for: `user`, `client-id`, `ip` to a name; null is the default of that type. */
export type QuotaEntity = Readonly<Record<string, string | null>>;

/** An entity as a key of results: its parts in the order of their types, as JSON. */
export type QuotaEntityKey = string;

/** Gives the key of an entity in results. */
export function quotaEntityKey(entity: QuotaEntity): QuotaEntityKey {
  const parts = Object.entries(entity).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(parts);
}

/** Quotas of an entity: `producer_byte_rate` … to a number. */
export interface ClientQuotas {
  readonly entity: QuotaEntity;
  readonly quotas: Readonly<Record<string, number>>;
}

/** Which entities are meant: each type with a name, its default, or any that has one. */
export interface QuotaFilter {
  readonly components: Readonly<Record<string, { readonly name: string } | "default" | "any">>;
  /** Leaves out entities that have other types besides; false. */
  readonly isStrict?: boolean;
}

/** Finds quotas. @throws KafkaError */
export function describeClientQuotas(
  cluster: Cluster,
  filter: QuotaFilter,
  options: AdminCallOptions,
): Promise<readonly ClientQuotas[]> {
  const what = "describing client quotas";
  return settleOne<readonly ClientQuotas[]>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const request = {
        components: Object.entries(filter.components).map(([entityType, match]) => ({
          entityType,
          matchType: typeof match === "object" ? 0 : match === "default" ? 1 : 2,
          match: typeof match === "object" ? match.name : null,
        })),
        strict: filter.isStrict ?? false,
      };
      const { body } = await cluster.sendToAny(DescribeClientQuotas, request, { signal });
      return outcomeOf(body, { what, api: DescribeClientQuotas.name }, () =>
        (body.entries ?? []).map(({ entity, values }) => ({
          entity: entityOf(entity),
          quotas: Object.fromEntries(values.map(({ key, value }) => [key, value])),
        })),
      );
    },
  });
}

function entityOf(
  parts: readonly { readonly entityType: string; readonly entityName: string | null }[],
): QuotaEntity {
  return Object.fromEntries(parts.map(({ entityType, entityName }) => [entityType, entityName]));
}

/** An entity and how its quotas change; null removes one. */
export interface QuotaAlteration {
  readonly entity: QuotaEntity;
  readonly quotas: Readonly<Record<string, number | null>>;
}

/** Changes quotas. */
export function alterClientQuotas(
  cluster: Cluster,
  alterations: readonly QuotaAlteration[],
  options: ValidateOptions,
): Promise<Outcomes<QuotaEntityKey, void>> {
  const wanted = new Map(alterations.map((one) => [quotaEntityKey(one.entity), one]));
  return settleEach<QuotaEntityKey, void>(cluster, {
    what: "altering client quotas",
    items: wanted.keys(),
    call: options,
    attempt: async (open, { signal }) => {
      const request = {
        entries: open
          .flatMap((key) => wanted.get(key) ?? [])
          .map(({ entity, quotas }) => ({
            entity: Object.entries(entity).map(([entityType, entityName]) => ({
              entityType,
              entityName,
            })),
            ops: Object.entries(quotas).map(([key, value]) => ({
              key,
              value: value ?? 0,
              remove: value === null,
            })),
          })),
        validateOnly: options.validateOnly ?? false,
      };
      const { body } = await cluster.sendToController(AlterClientQuotas, request, { signal });
      const place = { what: "its quotas were not altered", api: AlterClientQuotas.name };
      return new Map(
        body.entries.map((entry) => [
          quotaEntityKey(entityOf(entry.entity)),
          outcomeOf(entry, place, () => undefined),
        ]),
      );
    },
  });
}
