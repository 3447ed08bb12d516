import type { CommandParser } from "../arguments/argument-parser.ts";

const connections =
  "[--bootstrap-server BOOTSTRAP_SERVER | --bootstrap-controller BOOTSTRAP_CONTROLLER]";

/** The command line of kafka-features. */
export const featuresParser: CommandParser = {
  program: "kafka-features",
  usage: `kafka-features [-h] [--command-config COMMAND_CONFIG] ${connections} {describe} ...`,
  description: "This tool manages feature flags in Kafka.",
  table: {
    bootstrapServer: { flags: ["--bootstrap-server"], description: "Brokers to connect to." },
    bootstrapController: {
      flags: ["--bootstrap-controller"],
      description: "Controllers to connect to.",
    },
    commandConfig: {
      flags: ["--command-config"],
      description: "A file of properties for the client.",
    },
  },
  oneOf: { names: ["bootstrapServer", "bootstrapController"], isRequired: false },
  commands: {
    describe: {
      program: "kafka-features",
      usage: "kafka-features describe [-h]",
      description: "Shows features and their levels.",
      table: {},
    },
  },
};
