import { Command } from "@commander-js/extra-typings";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

interface FeatureRow {
  readonly feature: string;
  /** Undefined while it is not in use. */
  readonly level: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const columns: readonly Column<FeatureRow>[] = [
  { heading: "FEATURE", value: ({ feature }) => feature },
  { heading: "LEVEL", value: ({ level }) => level, isNumber: true },
  { heading: "MIN", value: ({ min }) => min, isNumber: true },
  { heading: "MAX", value: ({ max }) => max, isNumber: true },
];

/** `millrace cluster features`. */
export function listFeatures(cli: Cli) {
  return new Command("features")
    .summary("levels that the cluster has agreed on, and those it could have")
    .action(() =>
      cli.withAdmin(async (admin) => {
        const { finalized, supported } = await admin.describeFeatures();
        const names = [...new Set([...finalized.keys(), ...supported.keys()])].toSorted();
        const rows = names.map((feature) => ({
          feature,
          level: finalized.get(feature)?.max,
          min: supported.get(feature)?.min,
          max: supported.get(feature)?.max,
        }));
        await cli.show(rows, columns);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace cluster features");
}
