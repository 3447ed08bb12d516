import type { ArgumentSpec, CommandParser } from "../arguments/argument-parser.ts";

const program = "kafka-transactions.sh";
const before = `${program} --bootstrap-server host:port`;

const topic: ArgumentSpec = { flags: ["--topic"], description: "The topic.", isRequired: true };
const partition: ArgumentSpec = {
  flags: ["--partition"],
  description: "The partition.",
  type: "Integer",
  isRequired: true,
};

/** The command line of kafka-transactions. */
export const transactionsParser: CommandParser = {
  program,
  usage: `${program} [-h] [-v] [--command-config FILE] --bootstrap-server host:port COMMAND ...`,
  description: "This tool is used to analyze the transactional state of producers in the cluster.",
  table: {
    commandConfig: {
      flags: ["--command-config"],
      description: "A file of properties for the client.",
    },
    bootstrapServer: {
      flags: ["--bootstrap-server"],
      description: "Brokers to connect to.",
      isRequired: true,
    },
  },
  commands: {
    list: {
      program,
      usage:
        `${before} list [-h] [--duration-filter DURATION_FILTER] ` +
        "[--transactional-id-pattern TRANSACTIONAL_ID_PATTERN]",
      description: "Lists transactions.",
      table: {
        durationFilter: {
          flags: ["--duration-filter"],
          description: "Only those that are open for longer, in milliseconds.",
          type: "Long",
        },
        pattern: {
          flags: ["--transactional-id-pattern"],
          description: "Only those whose transactional id the regular expression matches.",
        },
      },
    },
    describe: {
      program,
      usage: `${before} describe [-h] --transactional-id TRANSACTIONAL_ID`,
      description: "Shows the transaction of a transactional id.",
      table: {
        transactionalId: {
          flags: ["--transactional-id"],
          description: "The transactional id.",
          isRequired: true,
        },
      },
    },
    "describe-producers": {
      program,
      usage:
        `${before} describe-producers [-h] [--broker-id BROKER_ID] --topic TOPIC ` +
        "--partition PARTITION",
      description: "Shows the producers that a partition knows.",
      table: {
        brokerId: {
          flags: ["--broker-id"],
          description: "The broker to ask; the leader without.",
          type: "Integer",
        },
        topic,
        partition,
      },
    },
  },
};
