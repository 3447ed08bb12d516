import { type BrokerId, ListGroups } from "@millrace/protocol";

import type { Cluster } from "../../cluster.ts";
import { KafkaError } from "../../errors/kafka-error.ts";
import { outcomeOf } from "../answer.ts";
import type { AdminCallOptions } from "../call-options.ts";
import { settleEach, settleOne } from "../settle-each.ts";
import { askTargets } from "../targets.ts";

/** Which protocol a group's members speak. */
export type GroupType = "classic" | "consumer" | "share" | "streams";

/** What a group is doing, in Kafka's words. */
export type GroupState =
  | "Unknown"
  | "PreparingRebalance"
  | "CompletingRebalance"
  | "Stable"
  | "Dead"
  | "Empty"
  | "Assigning"
  | "Reconciling"
  | "NotReady";

/** A group in a list. */
export interface GroupListing {
  readonly groupId: string;
  /** Undefined from brokers that do not tell it. */
  readonly type: GroupType | undefined;
  /** `consumer` for consumers, `share`, or what a classic group's members call it. */
  readonly protocol: string;
  readonly state: GroupState | undefined;
}

/** Which groups are listed. */
export interface ListGroupsOptions extends AdminCallOptions {
  readonly types?: readonly GroupType[] | undefined;
  readonly states?: readonly GroupState[] | undefined;
  /** Only groups of these protocols; "" is that of groups that only keep offsets. */
  readonly protocols?: readonly string[] | undefined;
}

/** Groups, and why some brokers could not be asked. */
export interface GroupListings {
  readonly groups: readonly GroupListing[];
  readonly errors: ReadonlyMap<BrokerId, KafkaError>;
}

/** Lists the groups of all brokers; what one broker refuses does not hide the others' groups. */
export async function listGroups(
  cluster: Cluster,
  options: ListGroupsOptions,
): Promise<GroupListings> {
  const what = "listing groups";
  const answers = await settleEach<BrokerId, readonly GroupListing[]>(cluster, {
    what,
    items: await brokerIds(cluster, options),
    call: options,
    attempt: (open, { signal }) =>
      askTargets(what, new Map(open.map((id) => [id, id])), async (target, items) => {
        const { body } = await cluster.send(
          target,
          ListGroups,
          (version) => ({
            ...(version >= 4 ? { statesFilter: [...(options.states ?? [])] } : {}),
            ...(version >= 5 ? { typesFilter: [...(options.types ?? [])] } : {}),
          }),
          { signal, minVersion: minVersionOf(options) },
        );
        const place = { what: "its groups cannot be listed", node: target, api: ListGroups.name };
        const outcome = outcomeOf(body, place, () => body.groups.map(listing));
        return new Map(items.map((item) => [item, outcome]));
      }),
  });
  const groups = new Map<string, GroupListing>();
  const errors = new Map<BrokerId, KafkaError>();
  for (const [broker, outcome] of answers) {
    if (outcome instanceof KafkaError) errors.set(broker, outcome);
    else for (const group of outcome) groups.set(group.groupId, group);
  }
  const { protocols } = options;
  const wanted = [...groups.values()].filter(
    ({ protocol }) => protocols === undefined || protocols.includes(protocol),
  );
  return { groups: wanted, errors };
}

function minVersionOf({ types, states }: ListGroupsOptions): number {
  if (types !== undefined && types.length > 0) return 5;
  return states !== undefined && states.length > 0 ? 4 : 0;
}

const groupTypes: readonly GroupType[] = ["classic", "consumer", "share", "streams"];
const groupStates: readonly GroupState[] = [
  "PreparingRebalance",
  "CompletingRebalance",
  "Stable",
  "Dead",
  "Empty",
  "Assigning",
  "Reconciling",
  "NotReady",
];

function listing(group: {
  readonly groupId: string;
  readonly protocolType: string;
  readonly groupState: string;
  readonly groupType: string;
}): GroupListing {
  const type = groupTypes.find((name) => name === group.groupType.toLowerCase());
  const state = group.groupState === "" ? undefined : groupState(group.groupState);
  return { groupId: group.groupId, type, protocol: group.protocolType, state };
}

/** Gives the state that a broker names, whatever its case. */
export function groupState(name: string): GroupState {
  const wanted = name.toLowerCase();
  return groupStates.find((state) => state.toLowerCase() === wanted) ?? "Unknown";
}

/** Every broker of the cluster, asking for them where none is known. */
export async function brokerIds(
  cluster: Cluster,
  call: AdminCallOptions,
): Promise<readonly BrokerId[]> {
  return settleOne<readonly BrokerId[]>(cluster, {
    what: "finding the brokers",
    call,
    attempt: async () => {
      if (cluster.metadata.brokers().length === 0) {
        await cluster.metadata.load([], { signal: call.signal, acceptCached: false });
      }
      if (cluster.metadata.brokers().length === 0) await cluster.metadata.refreshSoon("admin");
      const ids = cluster.metadata.brokers().map(({ id }) => id);
      return ids.length > 0 ? ids : new KafkaError("BROKER_NOT_AVAILABLE", "no broker is known");
    },
  });
}
