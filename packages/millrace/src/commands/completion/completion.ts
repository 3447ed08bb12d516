import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { listCandidates } from "./list-candidates.ts";
import { completionScripts } from "./completion-scripts.ts";

/** `millrace completion SHELL`: what a shell needs to complete words, topics and groups. */
export const completionCommand = treeCommand((cli) =>
  new Command("completion")
    .summary("completion for bash, zsh, fish")
    .addCommand(
      new Command("bash").summary("source <(millrace completion bash)").action(() => {
        cli.context.print(completionScripts.bash);
      }),
    )
    .addCommand(
      new Command("zsh").summary("source <(millrace completion zsh)").action(() => {
        cli.context.print(completionScripts.zsh);
      }),
    )
    .addCommand(
      new Command("fish").summary("millrace completion fish | source").action(() => {
        cli.context.print(completionScripts.fish);
      }),
    )
    .addCommand(
      new Command("candidates")
        .summary("what could come next; the scripts ask it")
        .argument("[words...]", "the words so far, the last one perhaps half")
        .allowUnknownOption()
        .action(async (words) => {
          const candidates = await listCandidates(cli, words);
          cli.context.print(candidates.map((one) => `${one}\n`).join(""));
        }),
    )
    .addHelpText("after", "\nExamples:\n  echo 'source <(millrace completion bash)' >> ~/.bashrc"),
);
