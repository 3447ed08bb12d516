import { ClassicDraft } from "../classic/classic-draft.ts";
import {
  type ClassicGroup,
  type ClassicMember,
  emptyClassicGroup,
  protocolMetadata,
  selectProtocol,
} from "../classic/classic-group.ts";
import { prepareRebalance } from "../classic/rebalance.ts";
import { groupMetadataRecord } from "../group-records.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerMember } from "./consumer-member.ts";
import { CONSUMER_PROTOCOL_TYPE, writeAssignment } from "./embedded-protocol.ts";
import { groupRemovalRecords } from "./group-removal.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** Whether a group becomes classic once some members have left: only classic ones are left then. */
export function canDowngrade(draft: ConsumerDraft, leaving: readonly ConsumerMember[]): boolean {
  const { group, environment } = draft;
  const { migrationPolicy, groupSizeMax } = environment.config;
  const left = group.members.size - leaving.length;
  const classicLeft = group.classicCount - leaving.filter(({ classic }) => classic !== null).length;
  return (
    left > 0 &&
    classicLeft === left &&
    (migrationPolicy === "downgrade" || migrationPolicy === "bidirectional") &&
    left <= groupSizeMax
  );
}

/** Turns a consumer group into a classic one while it runs; each member keeps what it reads. */
export function downgradeToClassic(
  draft: ConsumerDraft,
  options: { readonly leaving: readonly ConsumerMember[]; readonly needsRebalance: boolean },
): void {
  const { group, environment } = draft;
  const { groupId } = group;
  const { config, context, topics } = environment;
  const leaving = new Set(options.leaving.map(({ memberId }) => memberId));
  const staying = [...group.members.values()].filter(({ memberId }) => !leaving.has(memberId));
  const classic = classicGroup(group, staying, { nowMs: context.nowMs, topics });
  for (const memberId of group.members.keys()) draft.forgetMember(memberId);
  draft.write(...groupRemovalRecords(group));
  draft.records.push(groupMetadataRecord(classic, context.nowMs));
  const rebalance = new ClassicDraft(classic, { groupId, nowMs: context.nowMs });
  for (const { memberId } of staying) rebalance.expectHeartbeat(memberId);
  if (options.needsRebalance) prepareRebalance(rebalance, config);
  draft.timers.push(...rebalance.timers);
  draft.replies.push(...rebalance.replies);
  draft.changes.push({ kind: "classic-group", groupId, group: rebalance.group });
}

function classicGroup(
  group: ConsumerGroup,
  staying: readonly ConsumerMember[],
  world: { readonly nowMs: number; readonly topics: TopicMetadata },
): ClassicGroup {
  const members = new Map(staying.map((member) => [member.memberId, classicMember(member)]));
  const protocolName = selectProtocol({ members });
  for (const [memberId, member] of members) {
    const metadata = protocolMetadata(member, protocolName);
    const assignment = writeAssignment(group.target(memberId), metadata, world.topics);
    members.set(memberId, { ...member, assignment });
  }
  return {
    ...emptyClassicGroup(group.groupId, world.nowMs),
    state: "stable",
    generationId: group.epoch,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName,
    leaderId: members.keys().next().value ?? null,
    members,
  };
}

function classicMember(member: ConsumerMember): ClassicMember {
  return {
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    sessionTimeoutMs: member.classic?.sessionTimeoutMs ?? 0,
    protocols: member.classic?.protocols ?? [],
    assignment: new Uint8Array(0),
    isNew: false,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  };
}
