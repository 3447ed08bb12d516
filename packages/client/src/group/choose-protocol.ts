import {
  ConsumerGroupDescribe,
  ConsumerGroupHeartbeat,
  DescribeGroups,
  errorName,
} from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import { errorFromCode } from "../errors/kafka-error.ts";
import { retrying } from "../retry/retrying.ts";
import type { CoordinatorLink } from "./coordinator-link.ts";

/** A protocol that can be spoken. */
export type SpokenProtocol = "classic" | "consumer";

const lane = "heartbeat";
/** The version that tells which members speak which protocol. */
const memberTypeVersion = 1;
const CLASSIC_MEMBER = 0;

/**
 * Finds out what a group speaks: KIP-848 where it is a group of that type, is empty or unknown;
 * classic where it has members that speak it, or the broker speaks nothing else. A first heartbeat
 * of KIP-848 would convert a group that has classic members, which is not ours to decide.
 * @throws KafkaError when the coordinator cannot be asked
 */
export function chooseProtocol(
  cluster: Cluster,
  link: CoordinatorLink,
  signal: AbortSignal,
): Promise<SpokenProtocol> {
  const what = `finding the protocol of group ${link.groupId}`;
  const onRetry = (): void => link.forget();
  return retrying(cluster, { what, signal, timeoutMs: Number.POSITIVE_INFINITY, onRetry }, () => {
    return lookAtGroup(cluster, link, signal);
  });
}

async function lookAtGroup(
  cluster: Cluster,
  link: CoordinatorLink,
  signal: AbortSignal,
): Promise<SpokenProtocol> {
  const coordinator = await link.find(signal);
  const [spoken, described] = await Promise.all([
    cluster.versionsOf(coordinator, ConsumerGroupHeartbeat),
    cluster.versionsOf(coordinator, ConsumerGroupDescribe),
  ]);
  if (spoken === undefined || described === undefined) return "classic";
  const groupIds = [link.groupId];
  const request = { groupIds, includeAuthorizedOperations: false };
  const { body } = await link.ask(ConsumerGroupDescribe, request, { lane, signal });
  const errorCode = body.groups[0]?.errorCode ?? 0;
  switch (errorName(errorCode)) {
    case "NONE":
      return "consumer";
    case "GROUP_ID_NOT_FOUND":
      return (await hasClassicMembers(link, signal)) ? "classic" : "consumer";
    case "UNSUPPORTED_VERSION":
      return "classic";
    default:
      throw errorFromCode(errorCode, { api: "ConsumerGroupDescribe", group: link.groupId });
  }
}

async function hasClassicMembers(link: CoordinatorLink, signal: AbortSignal): Promise<boolean> {
  const request = { groups: [link.groupId], includeAuthorizedOperations: false };
  const { body } = await link.ask(DescribeGroups, request, { lane, signal });
  const [group] = body.groups;
  if (group === undefined || errorName(group.errorCode) === "GROUP_ID_NOT_FOUND") return false;
  if (group.errorCode !== 0) {
    throw errorFromCode(group.errorCode, { api: "DescribeGroups", group: link.groupId });
  }
  // Members that are just joining are not told before the rebalance ends; the state is.
  return group.groupState !== "Empty" && group.groupState !== "Dead";
}

/** Says whether a group of KIP-848 has members that speak the classic protocol. */
export async function hasMixedMembers(
  link: CoordinatorLink,
  signal: AbortSignal,
): Promise<boolean> {
  const request = { groupIds: [link.groupId], includeAuthorizedOperations: false };
  const { body, version } = await link.ask(ConsumerGroupDescribe, request, { lane, signal });
  if (version < memberTypeVersion) return false;
  const members = body.groups[0]?.members ?? [];
  return members.some(({ memberType }) => memberType === CLASSIC_MEMBER);
}
