import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const acls = (words: string, input = ""): ToolCall => ({
  tool: "kafka-acls",
  words: `--bootstrap-server BROKER ${words}`,
  input,
  // Java's sets have an order of their own.
  isOrderFree: true,
  isTraceInOutput: true,
});

eachBroker(
  "kafka-acls tells what Kafka's tells",
  {
    broker: "own",
    only: "millrace",
    properties: [
      "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "allow.everyone.if.no.acl.found=true",
      "super.users=User:ANONYMOUS",
    ],
  },
  async (broker) => {
    await assertSideBySide(broker, [
      { tool: "kafka-acls", words: "" },
      { tool: "kafka-acls", words: "--help" },
      { tool: "kafka-acls", words: "--list" },
      acls(""),
      acls("--list --add"),
      acls("--add --topic NAME"),
      acls("--add --allow-principal User:alice"),
      acls("--add --topic NAME --allow-principal alice"),
      acls("--add --topic NAME --allow-principal User:NAME --resource-pattern-type match"),
      acls("--list --topic NAME --resource-pattern-type large"),
      acls("--list --allow-principal User:NAME"),
      acls("--add --principal User:NAME --topic NAME"),
      acls("--add --producer --allow-principal User:NAME"),
      acls("--add --idempotent --topic NAME --allow-principal User:NAME"),
      acls("--add --consumer --topic NAME --allow-principal User:NAME"),
      acls("--add --topic NAME --allow-principal User:NAME --operation Read --operation Write"),
      acls("--add --topic NAME --allow-principal User:NAME --operation Read"),
      acls("--add --topic NAME --deny-principal User:NAMEb --deny-host 127.0.0.9"),
      acls("--add --group NAME --allow-principal User:NAME --resource-pattern-type prefixed"),
      acls("--add --producer --topic NAMEp --transactional-id NAME --allow-principal User:NAME"),
      acls("--add --consumer --topic NAMEc --group NAMEc --allow-principal User:NAME"),
      acls("--add --delegation-token NAME --allow-principal User:NAME --operation Describe"),
      acls("--add --user-principal User:NAME --allow-principal User:NAME --operation CreateTokens"),
      acls("--list --topic NAME"),
      acls("--list --topic NAMEpq --resource-pattern-type match"),
      acls("--list --group NAMEany --resource-pattern-type match"),
      acls("--list --topic NAME --principal User:NAMEb --principal User:nobody"),
      acls("--list --transactional-id NAME --delegation-token NAME --user-principal User:NAME"),
      { ...acls("--list"), isOwnLinesOnly: true },
      acls("--remove --topic NAME --allow-principal User:NAME --operation Read --force"),
      acls("--list --topic NAME"),
      acls("--remove --topic NAME --force"),
      acls("--list --topic NAME"),
      acls("--remove --group NAME --resource-pattern-type prefixed --force"),
      acls("--list --group NAME --resource-pattern-type any"),
    ]);
  },
);
