import { Command } from "@commander-js/extra-typings";
import type { QuorumReplica } from "@millrace/client";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

type ReplicaRow = QuorumReplica & {
  readonly role: "leader" | "follower" | "observer";
  readonly lag: bigint;
};

const columns: readonly Column<ReplicaRow>[] = [
  { heading: "REPLICA", value: ({ replicaId }) => replicaId, isNumber: true },
  { heading: "ROLE", value: ({ role }) => role },
  { heading: "END", value: ({ logEndOffset }) => logEndOffset, isNumber: true },
  { heading: "LAG", value: ({ lag }) => lag, isNumber: true },
  { heading: "DIRECTORY", value: ({ directoryId }) => directoryId, isWide: true },
  { heading: "CAUGHT UP", value: (row) => row.lastCaughtUpTimestamp, isNumber: true, isWide: true },
];

/** `millrace cluster quorum`. */
export function describeQuorum(cli: Cli) {
  return new Command("quorum")
    .summary("the controllers, and how far each is behind their leader")
    .action(() =>
      cli.withAdmin(async (admin) => {
        const { leaderId, voters, observers } = await admin.describeMetadataQuorum();
        const end = voters.find(({ replicaId }) => replicaId === leaderId)?.logEndOffset ?? 0n;
        const rows = [
          ...voters.map((one): ReplicaRow => {
            const role = one.replicaId === leaderId ? "leader" : "follower";
            return { ...one, role, lag: end - one.logEndOffset };
          }),
          ...observers.map((one): ReplicaRow => {
            return { ...one, role: "observer", lag: end - one.logEndOffset };
          }),
        ];
        await cli.show(rows, columns);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace cluster quorum -o wide");
}
