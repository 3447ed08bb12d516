import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import { topicChoice } from "../group/topic-choice.ts";
import { UsageError } from "../../usage-error.ts";

/** `millrace cluster elect`. */
export function electLeaders(cli: Cli) {
  return new Command("elect")
    .summary("give partitions back to their preferred leaders")
    .argument("[topics...]", "topics or partitions: orders, orders:0,3")
    .option("--all", "all partitions that need it")
    .option("--unclean", "any replica that is alive, even if records are lost by it")
    .action((topics, { all, unclean }) => {
      if (topics.length > 0 === (all === true)) {
        throw new UsageError("cluster elect: name topics, or say --all");
      }
      return cli.withAdmin(async (admin) => {
        const choices = topics.map(topicChoice);
        const described = await admin.describeTopics(choices.map(({ topic }) => topic));
        const known = new Map(settled(cli, described));
        const partitions = choices.flatMap(({ topic, partitions: chosen }) =>
          (known.get(topic)?.partitions ?? [])
            .filter(({ partition }) => chosen?.includes(partition) !== false)
            .map(({ partition }) => ({ topic, partition })),
        );
        const type = unclean === true ? "unclean" : "preferred";
        const outcomes = await admin.electLeaders(type, all === true ? "all" : partitions);
        for (const [key, outcome] of outcomes) {
          // It has the leader that it should have: nothing is to be done.
          if (!(outcome instanceof Error)) cli.tell(`${key} has a new leader.`);
          else if (outcome.code === "ELECTION_NOT_NEEDED") cli.note(`${key} needs no election`);
          else cli.failed(key, outcome);
        }
      });
    })
    .addHelpText(
      "after",
      "\nExamples:\n  millrace cluster elect --all\n  millrace cluster elect orders:0,3\n  millrace cluster elect orders:0 --unclean",
    );
}
