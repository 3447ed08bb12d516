import type { CommandContext } from "../../command.ts";
import { javaExecutionMessageOf } from "../java-message.ts";
import { readToolFile, readToolProperties, withToolAdmin } from "../open-client.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { toolCommand } from "../tool.ts";
import { parseOffsetJson } from "./parse-offset-json.ts";

const options = {
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "server(s) to use for bootstrapping",
  },
  "offset-json-file": {
    description:
      "REQUIRED: a file with the offset that each partition shall begin with:\n" +
      '{"partitions":\n  [{"topic": "foo", "partition": 1, "offset": 1}],\n "version":1\n}',
    argument: "required",
    describedAs: "Offset json file path",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "command config property file path",
  },
} as const satisfies OptionTable;

/** `millrace kafka-delete-records`, as Apache Kafka's kafka-delete-records.sh. */
export const kafkaDeleteRecords = toolCommand({
  description:
    "This tool helps to delete records of the given partitions down to the specified offset.",
  options,
  isUsageShown: false,
  run,
});

async function run(
  given: ParsedOptions<typeof options & typeof commonOptions>,
  context: CommandContext,
): Promise<number> {
  given.require("bootstrap-server", "offset-json-file");
  const properties = {
    ...readToolProperties(given.text("command-config")),
    "bootstrap.servers": given.text("bootstrap-server") ?? "",
  };
  const records = parseOffsetJson(readToolFile(given.text("offset-json-file") ?? ""));
  await withToolAdmin(properties, async (admin) => {
    context.print("Executing records delete operation\n");
    const outcomes = await admin.deleteRecords(records);
    context.print("Records delete operation completed:\n");
    for (const [place, outcome] of outcomes) {
      const said =
        outcome instanceof Error
          ? `error: ${javaExecutionMessageOf(outcome)}`
          : `low_watermark: ${outcome.lowWatermark}`;
      context.print(`partition: ${place}\t${said}\n`);
    }
  });
  return 0;
}
