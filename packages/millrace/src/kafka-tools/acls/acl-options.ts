import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { operationNames } from "./acl-names.ts";

/** Options of kafka-acls. */
export const aclOptions = {
  "bootstrap-server": {
    description: "Brokers to connect to.",
    argument: "required",
    describedAs: "server to connect to",
  },
  "bootstrap-controller": {
    description: "Controllers to connect to.",
    argument: "required",
    describedAs: "controller to connect to",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "optional",
    describedAs: "command-config",
  },
  topic: { description: "A topic; * for all.", argument: "required", describedAs: "topic" },
  cluster: { description: "The cluster." },
  group: {
    description: "A group of consumers; * for all.",
    argument: "required",
    describedAs: "group",
  },
  "transactional-id": {
    description: "A transactional id; * for all.",
    argument: "required",
    describedAs: "transactional-id",
  },
  idempotent: { description: "With --producer: an idempotent one." },
  "delegation-token": {
    description: "A delegation token; * for all.",
    argument: "required",
    describedAs: "delegation-token",
  },
  "resource-pattern-type": {
    description:
      "How the name stands for names: literal or prefixed; to list or remove also any (exactly " +
      "this name, of either kind) or match (all that concern this name).",
    argument: "required",
    defaultsTo: "LITERAL",
  },
  add: { description: "Adds ACLs." },
  remove: { description: "Removes ACLs." },
  list: { description: "Lists ACLs, of the resources given." },
  operation: {
    description: `What is allowed or denied:\n${operationNames.map((name) => `  ${name}\n`).join("")}`,
    argument: "required",
    defaultsTo: "All",
  },
  "allow-principal": {
    description: "Who may: User:alice, or User:* for all.",
    argument: "required",
    describedAs: "allow-principal",
  },
  "deny-principal": {
    description: "Who may not, whoever else allows it.",
    argument: "required",
    describedAs: "deny-principal",
  },
  principal: {
    description: "With --list: only the ACLs of this principal.",
    argument: "optional",
    describedAs: "principal",
  },
  "allow-host": {
    description: "With --allow-principal: from where; * when it is left out.",
    argument: "required",
    describedAs: "allow-host",
  },
  "deny-host": {
    description: "With --deny-principal: from where; * when it is left out.",
    argument: "required",
    describedAs: "deny-host",
  },
  producer: { description: "What a producer needs: Write, Describe and Create on topics." },
  consumer: { description: "What a consumer needs: Read and Describe on topics, Read on groups." },
  force: { description: "Asks no questions." },
  "user-principal": {
    description: "A user as a resource: whose tokens one may create or describe.",
    argument: "required",
    describedAs: "user-principal",
  },
} as const satisfies OptionTable;

/** What kafka-acls was told. */
export type AclArguments = ParsedOptions<typeof aclOptions & typeof commonOptions>;

/** Checks what goes with what. @throws ToolUsageError in the words of Kafka's tool. */
export function checkAclOptions(options: AclArguments): void {
  const addresses = options.given("bootstrap-server", "bootstrap-controller").length;
  if (addresses !== 1) {
    throw new ToolUsageError(
      `${addresses === 2 ? "Only one" : "One"} of --bootstrap-server or ` +
        "--bootstrap-controller must be specified",
    );
  }
  if (options.given("add", "remove", "list").length !== 1) {
    throw new ToolUsageError("Command must include exactly one action: --list, --add, --remove. ");
  }
  options.exclude("list", [
    "producer",
    "consumer",
    "allow-host",
    "allow-principal",
    "deny-host",
    "deny-principal",
  ]);
  options.exclude("producer", ["operation", "deny-principal", "deny-host"]);
  options.exclude("consumer", ["operation", "deny-principal", "deny-host"]);
  if (options.has("principal") && !options.has("list")) {
    throw new ToolUsageError("The --principal option is only available if --list is set");
  }
  checkRoles(options);
}

function checkRoles(options: AclArguments): void {
  const isProducer = options.has("producer");
  if (isProducer && !options.has("topic")) {
    throw new ToolUsageError("With --producer you must specify a --topic");
  }
  if (options.has("idempotent") && !isProducer) {
    throw new ToolUsageError("The --idempotent option is only available if --producer is set");
  }
  if (!options.has("consumer")) return;
  const isWithOthers = !isProducer && options.given("cluster", "transactional-id").length > 0;
  if (options.given("topic", "group").length === 2 && !isWithOthers) return;
  throw new ToolUsageError(
    "With --consumer you must specify a --topic and a --group and no --cluster or " +
      "--transactional-id option should be specified.",
  );
}
