import { Command } from "@commander-js/extra-typings";
import type { Admin } from "@millrace/client";
import { groupLags, lagColumns } from "../../cluster/group-lags.ts";
import type { Cli } from "../../tree/cli.ts";
import { duration } from "../../tree/global-options.ts";

const defaultEveryMs = 2000;

/** Back to the first place of a terminal, and everything behind it gone. */
const clearScreen = "\u001B[H\u001B[2J";

/** `millrace group lag NAME…`. */
export function groupLag(cli: Cli) {
  return new Command("lag")
    .summary("how far groups are behind, partition by partition")
    .argument("[groups...]", "all groups of consumers when none is named")
    .option("-w, --watch [every]", "again and again until Ctrl-C; every 2s when not said", everyMs)
    .action((groups, { watch }) =>
      cli.withAdmin(async (admin) => {
        if (watch === undefined) return showLags(cli, admin, groups);
        const signal = cli.context.interruption();
        while (!signal.aborted) {
          if (cli.context.terminal.isOutputTerminal) cli.context.print(clearScreen);
          await showLags(cli, admin, groups);
          await pause(cli, watch === true ? defaultEveryMs : watch, signal);
        }
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace group lag billing\n  millrace group lag --watch 5s\n  millrace group lag billing -o json | jq 'map(.lag) | add'",
    );
}

function everyMs(text: string, _given: number | true | undefined): number | true {
  return duration(text);
}

async function showLags(cli: Cli, admin: Admin, groups: readonly string[]): Promise<void> {
  const names = groups.length > 0 ? groups : await allGroups(cli, admin);
  await cli.show(await groupLags(cli, admin, names), lagColumns);
}

/** The groups that commit offsets. */
async function allGroups(cli: Cli, admin: Admin): Promise<readonly string[]> {
  const { groups, errors } = await admin.listGroups({
    types: ["classic", "consumer"],
    protocols: ["consumer", ""],
  });
  for (const [broker, error] of errors) cli.failed(`broker ${broker}`, error);
  return groups.map(({ groupId }) => groupId).toSorted();
}

function pause(cli: Cli, durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = cli.context.clock.setTimer(durationMs, end);
    function end(): void {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
