import { Client } from "@millrace/client";

import { eachBroker, uniqueName } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const groups = (words: string): ToolCall => ({
  tool: "kafka-share-groups",
  words: `--bootstrap-server BROKER ${words}`,
});
const reset = (words: string): ToolCall => groups(`--reset-offsets --group NAME ${words}`);

eachBroker("kafka-share-groups tells what Kafka's tells", { only: "millrace" }, async (broker) => {
  // A group with a member, whom both describe.
  const busy = uniqueName("busy");
  await using client = new Client({ bootstrap: broker.bootstrap });
  await client.admin().createTopics([{ name: busy, numPartitions: 2 }]);
  await using member = client.shareConsumer({ groupId: busy });
  member.subscribe(busy);
  for (let tries = 0; tries < 100 && member.assignment().length < 2; tries += 1) {
    await member.take({ maxWaitMs: 100 });
  }
  await assertSideBySide(broker, [
    { tool: "kafka-share-groups", words: "" },
    { tool: "kafka-share-groups", words: "--help" },
    { tool: "kafka-share-groups", words: "--list" },
    groups(""),
    groups("--list --describe --group NAME"),
    groups("--describe --group NAME --members --state"),
    groups("--describe --group NAME --state stable"),
    groups("--delete"),
    groups("--delete --group NAME --all-groups"),
    groups("--delete --group NAME --topic NAME"),
    groups("--delete-offsets --group NAME"),
    groups("--list --group NAME"),
    reset("--dry-run --execute"),
    reset("--to-earliest --topic NAME"),
    reset("--dry-run --to-earliest"),
    reset("--dry-run --to-earliest --to-latest --topic NAME"),
    {
      tool: "kafka-topics",
      words: "--bootstrap-server BROKER --create --topic NAME --partitions 2",
    },
    reset("--dry-run --topic NAME"),
    { ...reset("--to-earliest --topic NAME --dry-run"), isOrderFree: true },
    { ...reset("--to-earliest --topic NAME --execute"), isOrderFree: true },
    { ...reset("--to-latest --all-topics --execute"), isOrderFree: true },
    { ...reset("--to-datetime 2020-01-01T00:00:00.000 --topic NAME --dry-run"), isOrderFree: true },
    reset("--to-earliest --topic NAMEnone --dry-run"),
    { ...groups("--list"), isOwnLinesOnly: true },
    { ...groups("--list --state"), isOwnLinesOnly: true },
    { ...groups("--list --state empty"), isOwnLinesOnly: true },
    // The states are told in the order of a hash table.
    { ...groups("--list --state large"), areErrorsOurs: true },
    groups("--describe --group NAME"),
    groups("--describe --group NAME --verbose"),
    groups("--describe --group NAME --members"),
    groups("--describe --group NAME --state"),
    groups("--describe --group NAME --state --verbose"),
    groups("--describe --group NAMEnone"),
    groups(`--describe --group ${busy}`),
    groups(`--describe --group ${busy} --members`),
    groups(`--describe --group ${busy} --members --verbose`),
    groups(`--describe --group ${busy} --state --verbose`),
    groups(`--delete --group ${busy}`),
    groups(`--delete-offsets --group ${busy} --topic ${busy}`),
    groups(`--reset-offsets --group ${busy} --topic ${busy} --to-latest --execute`),
    groups("--delete-offsets --group NAME --topic NAMEnone"),
    groups("--delete-offsets --group NAME --topic NAME"),
    groups("--delete-offsets --group NAMEnone --topic NAME"),
    groups("--delete --group NAMEnone --group NAME"),
    groups("--delete --group NAMEnone"),
  ]);
});
