import { Command } from "@commander-js/extra-typings";
import type { Admin, ConfigEntry, ConfigResource } from "@millrace/client";
import { onlyValue } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { configResource, resourceText } from "./resource.ts";

interface DiffRow {
  readonly name: string;
  /** Undefined where the resource has no such configuration. */
  readonly left: string | null | undefined;
  readonly right: string | null | undefined;
}

/** `millrace config diff A B`. */
export function diffConfigs(cli: Cli) {
  return new Command("diff")
    .summary("where two resources differ")
    .argument("<left>", "topic/NAME, broker/NUMBER, …", configResource)
    .argument("<right>", "another one", configResource)
    .action((left, right) =>
      cli.withAdmin(async (admin) => {
        const columns: readonly Column<DiffRow>[] = [
          { heading: "NAME", value: ({ name }) => name },
          { heading: resourceText(left), value: (row) => row.left },
          { heading: resourceText(right), value: (row) => row.right },
        ];
        const [ours, theirs] = await Promise.all([valuesOf(admin, left), valuesOf(admin, right)]);
        await cli.show(differences(ours, theirs), columns);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace config diff topic/orders topic/payments");
}

async function valuesOf(
  admin: Admin,
  resource: ConfigResource,
): Promise<ReadonlyMap<string, ConfigEntry>> {
  return onlyValue(await admin.describeConfigs([resource])) ?? new Map<string, ConfigEntry>();
}

function differences(
  left: ReadonlyMap<string, ConfigEntry>,
  right: ReadonlyMap<string, ConfigEntry>,
): readonly DiffRow[] {
  const names = [...new Set([...left.keys(), ...right.keys()])].toSorted();
  return names
    .map((name) => ({ name, left: left.get(name)?.value, right: right.get(name)?.value }))
    .filter((row) => row.left !== row.right);
}
