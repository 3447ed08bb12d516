import { Command } from "@commander-js/extra-typings";
import type { Admin, ConsumerGroupMember, ShareGroupMember } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

interface MemberRow {
  readonly group: string;
  readonly memberId: string;
  readonly instanceId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  readonly epoch: number | undefined;
  readonly partitionCount: number;
  readonly assignment: readonly {
    readonly topic: string;
    readonly partitions: readonly number[];
  }[];
}

const columns: readonly Column<MemberRow>[] = [
  { heading: "MEMBER", value: ({ memberId }) => memberId },
  { heading: "GROUP", value: ({ group }) => group },
  { heading: "CLIENT", value: ({ clientId }) => clientId },
  { heading: "HOST", value: ({ host }) => host },
  { heading: "PARTITIONS", value: ({ partitionCount }) => partitionCount, isNumber: true },
  { heading: "INSTANCE", value: ({ instanceId }) => instanceId, isWide: true },
  { heading: "EPOCH", value: ({ epoch }) => epoch, isNumber: true, isWide: true },
  {
    heading: "ASSIGNMENT",
    value: ({ assignment }) =>
      assignment.map(({ topic, partitions }) => `${topic}:${partitions.join(",")}`).join(" "),
    isWide: true,
  },
];

/** `millrace group members NAME…`. */
export function listMembers(cli: Cli) {
  return new Command("members")
    .summary("who is in a group, and which partitions they have")
    .argument("<groups...>")
    .action((groups) =>
      cli.withAdmin(async (admin) => cli.show(await membersOf(cli, admin, groups), columns)),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace group members billing\n  millrace group members billing -o wide",
    );
}

async function membersOf(
  cli: Cli,
  admin: Admin,
  groups: readonly string[],
): Promise<readonly MemberRow[]> {
  const { groups: listed } = await admin.listGroups({ types: ["share"] });
  const shares = new Set(listed.map(({ groupId }) => groupId));
  const [shareGroups, consumerGroups] = await Promise.all([
    admin.describeShareGroups(groups.filter((one) => shares.has(one))),
    admin.describeConsumerGroups(groups.filter((one) => !shares.has(one))),
  ]);
  return [...settled(cli, shareGroups), ...settled(cli, consumerGroups)].flatMap(
    ([group, { members }]) => members.map((member) => rowOf(group, member)),
  );
}

function rowOf(group: string, member: ConsumerGroupMember | ShareGroupMember): MemberRow {
  const { memberId, clientId, host, epoch, assignment } = member;
  return {
    group,
    memberId,
    instanceId: "instanceId" in member ? member.instanceId : undefined,
    clientId,
    host,
    epoch,
    partitionCount: assignment.reduce((sum, { partitions }) => sum + partitions.length, 0),
    assignment,
  };
}
