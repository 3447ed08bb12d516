import type { CommandContext } from "../../command.ts";
import { commandTool } from "../arguments/command-tool.ts";
import type { ParsedArguments } from "../arguments/parsed-arguments.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { ToolFailure } from "../tool-errors.ts";
import { featuresParser } from "./features-parser.ts";
import { metadataVersionName } from "./metadata-version-name.ts";

/** `millrace kafka-features`, as Apache Kafka's kafka-features.sh: describe. */
export const kafkaFeatures = commandTool({
  parser: featuresParser,
  helpExitCode: 0,
  tellArgumentError: ({ message }, context) => tellWrong(message, context),
  run,
});

const nameWidth = 42;
const levelWidth = 17;

function tellWrong(message: string, context: CommandContext): void {
  context.printError(`Command line error: ${message}. Type --help for help.`);
}

async function run(given: ParsedArguments, context: CommandContext): Promise<number> {
  if (given.has("bootstrapController")) {
    throw new ToolFailure("Controllers are not asked; ask a broker with --bootstrap-server");
  }
  const properties = readToolProperties(given.text("commandConfig"));
  const bootstrap = given.text("bootstrapServer");
  if (bootstrap === undefined) {
    tellWrong("You must specify either --bootstrap-controller or --bootstrap-server.", context);
    return 1;
  }
  await withToolAdmin({ ...properties, "bootstrap.servers": bootstrap }, async (admin) => {
    const { supported, finalized, finalizedEpoch } = await admin.describeFeatures();
    const names = [...supported.keys()].toSorted();
    for (const name of names) {
      const range = supported.get(name);
      const level = (value = 0): string => levelText(name, value).padEnd(levelWidth);
      const cells = [
        `Feature: ${name.padEnd(nameWidth)}`,
        `SupportedMinVersion: ${level(range?.min)}`,
        `SupportedMaxVersion: ${level(range?.max)}`,
        `FinalizedVersionLevel: ${level(finalized.get(name)?.max)}`,
        `Epoch: ${finalizedEpoch ?? "-"}`,
      ];
      context.print(`${cells.join("")}\n`);
    }
  });
  return 0;
}

function levelText(feature: string, level: number): string {
  if (feature !== "metadata.version") return String(level);
  return metadataVersionName(level) ?? `UNKNOWN ${level}`;
}
