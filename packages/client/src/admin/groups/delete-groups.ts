import { DeleteGroups, LeaveGroup } from "@millrace/protocol";

import type { Cluster } from "../../cluster.ts";
import { KafkaError } from "../../errors/kafka-error.ts";
import { checkKeys } from "../../options/check-keys.ts";
import { outcomeOf } from "../answer.ts";
import type { AdminCallOptions } from "../call-options.ts";
import { type Outcomes, settleEach, settleOne, valueOf } from "../settle-each.ts";
import { askCoordinators } from "../targets.ts";
import { describeConsumerGroups } from "./describe-groups.ts";

/** Deletes groups of any type that have no members. */
export function deleteGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  options: AdminCallOptions,
): Promise<Outcomes<string, void>> {
  const what = "deleting groups";
  return settleEach<string, void>(cluster, {
    what,
    items: groupIds,
    call: options,
    attempt: (open, state) =>
      askCoordinators(cluster, open, { kind: "group", what, state }, async (target, ids) => {
        const request = { groupsNames: [...ids] };
        const { signal } = state;
        const { body } = await cluster.send(target, DeleteGroups, request, { signal });
        return new Map(
          body.results.map((one) => {
            const place = {
              what: "it was not deleted",
              group: one.groupId,
              api: DeleteGroups.name,
            };
            return [one.groupId, outcomeOf(one, place, () => undefined)];
          }),
        );
      }),
  });
}

/** Which members of a group are removed. */
export interface RemoveMembersOptions extends AdminCallOptions {
  /** Static members by their `groupInstanceId`; all members when not given. */
  readonly instanceIds?: readonly string[] | undefined;
  /** Told to the members' logs. */
  readonly reason?: string | undefined;
}

const removeMembersKeys = new Set(["instanceIds", "reason", "timeoutMs", "signal"]);

/**
 * Removes members from a group of consumers: static ones by name, or all.
 * @returns by instance id, or by member id for those without
 * @throws KafkaError when the group cannot be asked
 */
export async function removeMembersFromConsumerGroup(
  cluster: Cluster,
  groupId: string,
  options: RemoveMembersOptions,
): Promise<Outcomes<string, void>> {
  const what = "removing members";
  // Who misspells `instanceIds` does not mean all members.
  checkKeys(options, removeMembersKeys, "removeMembersFromConsumerGroup");
  const members = await leavingMembers(cluster, groupId, options);
  if (members.length === 0) return new Map();
  return settleOne<Outcomes<string, void>>(cluster, {
    what,
    call: options,
    attempt: async (state) => {
      const asked = await askCoordinators<Outcomes<string, void>>(
        cluster,
        [groupId],
        { kind: "group", what, state },
        async (target) => {
          const reason = options.reason ?? "the admin removed it";
          const { body } = await cluster.send(
            target,
            LeaveGroup,
            (version) => ({
              groupId,
              members: members.map((one) => ({ ...one, ...(version >= 5 ? { reason } : {}) })),
            }),
            { signal: state.signal, minVersion: 3 },
          );
          const place = { what: "no member was removed", group: groupId, api: LeaveGroup.name };
          return new Map([[groupId, outcomeOf(body, place, () => removed(body.members, groupId))]]);
        },
      );
      return asked.get(groupId) ?? new KafkaError("COORDINATOR_NOT_AVAILABLE", what);
    },
  });
}

async function leavingMembers(
  cluster: Cluster,
  groupId: string,
  options: RemoveMembersOptions,
): Promise<readonly { memberId: string; groupInstanceId: string | null }[]> {
  if (options.instanceIds !== undefined) {
    return options.instanceIds.map((groupInstanceId) => ({ memberId: "", groupInstanceId }));
  }
  const groups = await describeConsumerGroups(cluster, [groupId], options);
  const { members } = valueOf(groups.get(groupId), "describing the group");
  return members.map(({ memberId, instanceId }) =>
    instanceId === undefined
      ? { memberId, groupInstanceId: null }
      : { memberId: "", groupInstanceId: instanceId },
  );
}

function removed(
  members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly errorCode: number;
  }[],
  group: string,
): Outcomes<string, void> {
  return new Map(
    members.map((member) => {
      const key = member.groupInstanceId ?? member.memberId;
      const place = { what: `member ${key} was not removed`, group, api: LeaveGroup.name };
      return [key, outcomeOf(member, place, () => undefined)];
    }),
  );
}
