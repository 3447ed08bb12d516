import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import { sizeText } from "../../output/size-text.ts";
import type { Cli } from "../../tree/cli.ts";
import { collect } from "../../tree/global-options.ts";

interface LogDirRow {
  readonly broker: number;
  readonly path: string;
  readonly replicaCount: number;
  readonly sizeBytes: bigint;
  readonly totalBytes: bigint | undefined;
  readonly usableBytes: bigint | undefined;
  readonly isCordoned: boolean;
}

const columns: readonly Column<LogDirRow>[] = [
  { heading: "BROKER", value: ({ broker }) => broker, isNumber: true },
  { heading: "PATH", value: ({ path }) => path },
  { heading: "REPLICAS", value: ({ replicaCount }) => replicaCount, isNumber: true },
  { heading: "SIZE", value: ({ sizeBytes }) => sizeText(sizeBytes), isNumber: true },
  { heading: "FREE", value: ({ usableBytes }) => sizeText(usableBytes), isNumber: true },
  { heading: "DISK", value: ({ totalBytes }) => sizeText(totalBytes), isNumber: true },
  { heading: "CORDONED", value: ({ isCordoned }) => isCordoned, isWide: true },
];

/** `millrace cluster log-dirs`. */
export function listLogDirs(cli: Cli) {
  return new Command("log-dirs")
    .summary("where brokers keep records, and how full it is")
    .option("--broker <number>", "only of this broker", collect)
    .action(({ broker: chosen }) =>
      cli.withAdmin(async (admin) => {
        const { brokers } = await admin.describeCluster();
        const ids = chosen?.map(Number) ?? brokers.map(({ id }) => id);
        const described = await admin.describeLogDirs(ids);
        const rows = settled(cli, described, (id) => `broker ${id}`).flatMap(([broker, logDirs]) =>
          settled(cli, logDirs, (path) => `broker ${broker}, ${path}`).map(([path, logDir]) => ({
            broker,
            path,
            replicaCount: logDir.replicas.size,
            sizeBytes: [...logDir.replicas.values()].reduce((sum, one) => sum + one.sizeBytes, 0n),
            totalBytes: logDir.totalBytes,
            usableBytes: logDir.usableBytes,
            isCordoned: logDir.isCordoned,
          })),
        );
        await cli.show(rows, columns);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace cluster log-dirs --broker 1 -o json");
}
