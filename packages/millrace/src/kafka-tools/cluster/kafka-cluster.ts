import type { Admin } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { commandTool } from "../arguments/command-tool.ts";
import type { ParsedArguments } from "../arguments/parsed-arguments.ts";
import { columnWidth, paddedRow } from "../columns.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { ToolFailure } from "../tool-errors.ts";
import { clusterParser } from "./cluster-parser.ts";

/** `millrace kafka-cluster`, as Apache Kafka's kafka-cluster.sh. */
export const kafkaCluster = commandTool({ parser: clusterParser, helpExitCode: 1, run });

const hostWidthDefault = 100;
const rackWidthDefault = 10;

async function run(given: ParsedArguments, context: CommandContext): Promise<number> {
  if (given.has("config") && given.has("commandConfig")) {
    throw new ToolFailure("--config and --command-config cannot be specified together.");
  }
  if (given.has("config")) {
    context.print(
      "Option --config has been deprecated and will be removed in a future version. " +
        "Use --command-config instead.\n",
    );
  }
  if (given.has("bootstrapController")) {
    throw new ToolFailure("Controllers are not asked; ask a broker with --bootstrap-server");
  }
  const properties = {
    ...readToolProperties(given.text("commandConfig") ?? given.text("config")),
    "bootstrap.servers": given.text("bootstrapServer") ?? "",
  };
  await withToolAdmin(properties, async (admin) => {
    if (given.command === "cluster-id") {
      const { clusterId } = await admin.describeCluster();
      context.print(`Cluster ID: ${clusterId}\n`);
    } else if (given.command === "unregister") {
      const id = given.number("id") ?? -1;
      await admin.unregisterBroker(id);
      context.print(`Broker ${id} is no longer registered.\n`);
    } else await listEndpoints(admin, given, context);
  });
  return 0;
}

async function listEndpoints(
  admin: Admin,
  given: ParsedArguments,
  context: CommandContext,
): Promise<void> {
  const { brokers } = await admin.describeCluster({
    includeFencedBrokers: given.has("includeFencedBrokers"),
  });
  const hosts = brokers.map(({ host }) => host);
  const racks = brokers.flatMap(({ rack }) => rack ?? []);
  const hostWidth = hosts.length === 0 ? hostWidthDefault : columnWidth(0, hosts);
  const rackWidth = racks.length === 0 ? rackWidthDefault : columnWidth(0, racks);
  const widths = [10, hostWidth, 10, rackWidth, 10, 15];
  const header = ["ID", "HOST", "PORT", "RACK", "STATE", "ENDPOINT_TYPE"];
  const rows = brokers.map(({ id, host, port, rack, isFenced }) => {
    const state = isFenced ? "fenced" : "unfenced";
    return [String(id), host, String(port), rack ?? "null", state, "broker"];
  });
  for (const row of [header, ...rows]) context.print(`${paddedRow(row, widths)}\n`);
}
