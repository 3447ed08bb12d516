import type { ArgumentParser, ArgumentSpec, CommandParser } from "../arguments/argument-parser.ts";

const bootstrapServer: ArgumentSpec = {
  flags: ["--bootstrap-server", "-b"],
  description: "Brokers to connect to.",
};
const bootstrapController: ArgumentSpec = {
  flags: ["--bootstrap-controller", "-C"],
  description: "Controllers to connect to.",
};
const config: ArgumentSpec = {
  flags: ["--config"],
  description: "The old name of --command-config.",
};
const commandConfig: ArgumentSpec = {
  flags: ["--command-config", "-c"],
  description: "A file of properties for the client.",
};
const connection = { bootstrapServer, bootstrapController, config, commandConfig };

function command(
  name: string,
  description: string,
  more: { readonly usage: string; readonly table: Readonly<Record<string, ArgumentSpec>> },
): ArgumentParser & { readonly description: string } {
  return {
    program: "kafka-cluster",
    usage:
      `kafka-cluster ${name} [-h] [--config CONFIG]\n` +
      `                     [--command-config COMMAND_CONFIG]${more.usage}\n` +
      "                     (--bootstrap-server BOOTSTRAP_SERVER |\n" +
      "                     --bootstrap-controller BOOTSTRAP_CONTROLLER)",
    description,
    table: { ...connection, ...more.table },
    oneOf: { names: ["bootstrapServer", "bootstrapController"], isRequired: true },
  };
}

const id: ArgumentSpec = {
  flags: ["--id", "-i"],
  description: "The broker to forget.",
  type: "Integer",
  isRequired: true,
};
const includeFencedBrokers: ArgumentSpec = {
  flags: ["--include-fenced-brokers"],
  description: "Brokers that are fenced, too.",
  type: "flag",
};

/** The command line of kafka-cluster. */
export const clusterParser: CommandParser = {
  program: "kafka-cluster",
  usage: "kafka-cluster [-h] {cluster-id,unregister,list-endpoints} ...",
  description: "The Kafka cluster tool.",
  table: {},
  commands: {
    "cluster-id": command("cluster-id", "Shows the cluster's id.", { usage: "", table: {} }),
    unregister: command("unregister", "Makes the cluster forget a broker.", {
      usage: " --id ID",
      table: { id },
    }),
    "list-endpoints": command("list-endpoints", "Shows where brokers listen.", {
      usage: "\n                     [--include-fenced-brokers]",
      table: { includeFencedBrokers },
    }),
  },
};
