import type { GroupState } from "../group-state.ts";
import { ConsumerDraft, type ConsumerEnvironment } from "./consumer-draft.ts";
import { ConsumerGroup } from "./consumer-group.ts";
import { isRefusal, type Refusal } from "./consumer-requests.ts";
import { upgradeToConsumer } from "./upgrade.ts";

/**
 * Begins a decision about a consumer group for a member that is in it or joins it. A member that
 * joins makes the group, or turns a classic one into it.
 */
export function openConsumerGroup(
  state: GroupState,
  input: { readonly groupId: string; readonly memberId: string; readonly memberEpoch: number },
  environment: ConsumerEnvironment,
): ConsumerDraft | Refusal {
  const draft = open(state, input, environment);
  if (isRefusal(draft)) return draft;
  return groupIsFull(draft, input.memberId) ?? draft;
}

/** Refuses a new member of a group that has as many as it may have. */
export function groupIsFull(
  { group, environment }: ConsumerDraft,
  memberId: string,
): Refusal | undefined {
  const limit = environment.config.consumerGroupSizeMax;
  if (group.members.size < limit || group.members.has(memberId)) return undefined;
  return {
    error: "GROUP_MAX_SIZE_REACHED",
    message: `The consumer group has reached its maximum capacity of ${limit} members.`,
  };
}

function open(
  state: GroupState,
  input: { readonly groupId: string; readonly memberEpoch: number },
  environment: ConsumerEnvironment,
): ConsumerDraft | Refusal {
  const { groupId } = input;
  const joins = input.memberEpoch === 0;
  const group = state.groups.get(groupId);
  if (group === undefined) {
    if (!joins) return notFound(`Consumer group ${groupId} not found.`);
    return new ConsumerDraft(new ConsumerGroup(groupId), environment, true);
  }
  if (group.kind === "consumer") return new ConsumerDraft(group, environment);
  if (!joins || group.kind !== "classic") {
    return notFound(`Group ${groupId} is not a consumer group.`);
  }
  const draft = new ConsumerDraft(new ConsumerGroup(groupId), environment, true);
  if (group.state === "empty") {
    draft.records.push({ kind: "group-metadata", groupId, value: null });
    return draft;
  }
  return upgradeToConsumer(draft, group) ?? draft;
}

/** No such group, or not one of this type. */
export function notFound(message: string): Refusal {
  return { error: "GROUP_ID_NOT_FOUND", message };
}
