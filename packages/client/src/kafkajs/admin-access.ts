import type { Admin as ClientAdmin } from "../admin/admin.ts";
import { configResourceKey } from "../admin/configs.ts";
import { valueOf } from "../admin/settle-each.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import {
  aclBindingOf,
  type AclEntry,
  aclEntryOf,
  type AclEntryFilter,
  aclFilterOf,
  type ConfigEntry,
  configEntryOf,
  type ConfigResourceQuery,
  replacementOf,
  type ResourceConfig,
  resourceTypeOf,
} from "./admin-config.ts";
import { throwFirst } from "./admin-topics.ts";
import { codeOf } from "./errors.ts";

/** What kafkajs tells of a resource. */
interface ResourceOutcome {
  errorCode: number;
  errorMessage: string | null;
  resourceName: string;
  resourceType: number;
}

/** The entries of a resource. */
interface AclResource
  extends Pick<AclEntry, "resourceType" | "resourceName" | "resourcePatternType"> {
  acls: Pick<AclEntry, "principal" | "host" | "operation" | "permissionType">[];
}

/** What kafkajs's admin asks of configurations and ACLs. */
export abstract class AdminAccess {
  /** Does work with the client's admin; what it throws is kafkajs's. */
  protected abstract asked<T>(work: (admin: ClientAdmin) => Promise<T>): Promise<T>;

  describeConfigs(given: {
    readonly resources: readonly ConfigResourceQuery[];
    readonly includeSynonyms?: boolean;
  }): Promise<{
    resources: (ResourceOutcome & { configEntries: ConfigEntry[] })[];
    throttleTime: 0;
  }> {
    const { resources, includeSynonyms = false } = given;
    return this.asked(async (admin) => {
      const asked = resources.map(({ type, name }) => ({ type: resourceTypeOf(type), name }));
      const described = await admin.describeConfigs(asked, { includeSynonyms });
      return {
        throttleTime: 0,
        resources: resources.map(({ type, name, configNames }) => {
          const outcome = described.get(configResourceKey({ type: resourceTypeOf(type), name }));
          const entries = outcome instanceof KafkaError ? [] : [...(outcome?.values() ?? [])];
          return {
            ...outcomeOf(outcome, { type, name }),
            configEntries: entries
              .filter((entry) => configNames?.includes(entry.name) !== false)
              .map(configEntryOf),
          };
        }),
      };
    });
  }

  /** Gives resources these configurations; others of their own go back to their defaults. */
  alterConfigs(given: {
    readonly validateOnly?: boolean;
    readonly resources: readonly ResourceConfig[];
  }): Promise<{ resources: ResourceOutcome[]; throttleTime: 0 }> {
    const { resources, validateOnly = false } = given;
    return this.asked(async (admin) => {
      const named = resources.map((one) => ({
        ...one,
        resource: { type: resourceTypeOf(one.type), name: one.name },
      }));
      const described = await admin.describeConfigs(named.map(({ resource }) => resource));
      const alterations = named.map(({ resource, ...wanted }) => {
        const outcome = described.get(configResourceKey(resource));
        const current = valueOf(outcome, "describing configurations");
        return { ...resource, changes: replacementOf(current, wanted) };
      });
      const outcomes = await admin.incrementalAlterConfigs(alterations, { validateOnly });
      throwFirst(outcomes);
      return { throttleTime: 0, resources: named.map((one) => outcomeOf(undefined, one)) };
    });
  }

  createAcls(given: { readonly acl: readonly AclEntry[] }): Promise<boolean> {
    return this.asked(async (admin) => {
      throwFirst(await admin.createAcls(given.acl.map(aclBindingOf)));
      return true;
    });
  }

  describeAcls(
    filter: AclEntryFilter,
  ): Promise<{ throttleTime: 0; errorCode: 0; resources: AclResource[] }> {
    return this.asked(async (admin) => {
      const entries = (await admin.describeAcls(aclFilterOf(filter))).map(aclEntryOf);
      const resources = new Map<string, AclResource>();
      for (const { resourceType, resourceName, resourcePatternType, ...acl } of entries) {
        const key = `${resourceType}/${resourcePatternType}/${resourceName}`;
        const known = resources.get(key);
        if (known !== undefined) known.acls.push(acl);
        else resources.set(key, { resourceType, resourceName, resourcePatternType, acls: [acl] });
      }
      return { throttleTime: 0, errorCode: 0, resources: [...resources.values()] };
    });
  }

  deleteAcls(given: { readonly filters: readonly AclEntryFilter[] }): Promise<{
    throttleTime: 0;
    filterResponses: {
      errorCode: number;
      errorMessage: string | null;
      matchingAcls: (AclEntry & { errorCode: number; errorMessage: string | null })[];
    }[];
  }> {
    return this.asked(async (admin) => {
      const filters = given.filters.map(aclFilterOf);
      const outcomes = await admin.deleteAcls(filters);
      return {
        throttleTime: 0,
        filterResponses: filters.map((filter) => {
          const deleted = valueOf(outcomes.get(filter), "deleting ACLs");
          return {
            errorCode: 0,
            errorMessage: null,
            matchingAcls: deleted.map((one) => {
              if (one instanceof KafkaError) throw one;
              return { ...aclEntryOf(one), errorCode: 0, errorMessage: null };
            }),
          };
        }),
      };
    });
  }
}

function outcomeOf(
  outcome: unknown,
  { type, name }: { readonly type: number; readonly name: string },
): ResourceOutcome {
  const error = outcome instanceof KafkaError ? outcome : undefined;
  return {
    errorCode: error === undefined ? 0 : (codeOf(error) ?? -1),
    errorMessage: error?.reason ?? null,
    resourceName: name,
    resourceType: type,
  };
}
