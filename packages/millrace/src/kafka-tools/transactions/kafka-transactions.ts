import { type Admin, topicPartitionKey } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { commandTool } from "../arguments/command-tool.ts";
import type { ParsedArguments } from "../arguments/parsed-arguments.ts";
import { columnWidth } from "../columns.ts";
import { javaMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { outcomeOf } from "../outcome.ts";
import { isTold } from "../tool.ts";
import { ToolFailure } from "../tool-errors.ts";
import { transactionsParser } from "./transactions-parser.ts";

/** `millrace kafka-transactions`, as Apache Kafka's kafka-transactions.sh. */
export const kafkaTransactions = commandTool({ parser: transactionsParser, helpExitCode: 1, run });

type Rows = readonly (readonly string[])[];

async function run(given: ParsedArguments, context: CommandContext): Promise<number> {
  const properties = {
    ...readToolProperties(given.text("commandConfig")),
    "bootstrap.servers": given.text("bootstrapServer") ?? "",
  };
  await withToolAdmin(properties, async (admin) => {
    printTable(await rowsOf(admin, given, context), context);
  });
  return 0;
}

function rowsOf(admin: Admin, given: ParsedArguments, { clock }: CommandContext): Promise<Rows> {
  if (given.command === "list") {
    return telling("Failed to list transactions", () => list(admin, given));
  }
  if (given.command === "describe") {
    const id = given.text("transactionalId") ?? "";
    const what = `Failed to describe transaction state of transactional-id \`${id}\``;
    return telling(what, () => describe(admin, id, clock.nowMs()));
  }
  const place = topicPartitionKey(given.text("topic") ?? "", given.number("partition") ?? 0);
  const asked = given.has("brokerId") ? `broker ${given.text("brokerId")}` : "leader";
  const what = `Failed to describe producers for partition ${place} on ${asked}`;
  return telling(what, () => describeProducers(admin, given));
}

async function telling(what: string, body: () => Promise<Rows>): Promise<Rows> {
  try {
    return await body();
  } catch (error) {
    if (!isTold(error)) throw error;
    const said = `${javaMessageOf(error)}. Enable debug logging for additional detail.`;
    throw new ToolFailure(`${what}: ${said}`, { cause: error });
  }
}

async function list(admin: Admin, given: ParsedArguments): Promise<Rows> {
  const listed = await admin.listTransactions({
    olderThanMs: given.number("durationFilter"),
    transactionalIdPattern: given.text("pattern"),
  });
  const rows = [...listed.keys()].flatMap((coordinator) =>
    outcomeOf(listed, coordinator).map(({ transactionalId, producerId, state }) => {
      return [transactionalId, String(coordinator), String(producerId), state];
    }),
  );
  return [["TransactionalId", "Coordinator", "ProducerId", "TransactionState"], ...rows];
}

async function describe(admin: Admin, id: string, nowMs: number): Promise<Rows> {
  const one = (await admin.describeTransactions([id])).get(id);
  if (one instanceof Error && one.code === "TRANSACTIONAL_ID_NOT_FOUND") {
    const said = `DescribeTransactions request for transactionalId \`${id}\` failed because`;
    throw new ToolFailure(`${said} the ID could not be found`, { cause: one });
  }
  if (one === undefined) throw new ToolFailure("nothing was said of it");
  if (one instanceof Error) throw one;
  const { startTimestamp, partitions } = one;
  const header = [
    "CoordinatorId",
    "TransactionalId",
    "ProducerId",
    "ProducerEpoch",
    "TransactionState",
    "TransactionTimeoutMs",
    "CurrentTransactionStartTimeMs",
    "TransactionDurationMs",
    "TopicPartitions",
  ];
  const row = [
    String(one.coordinator),
    id,
    String(one.producerId),
    String(one.producerEpoch),
    one.state,
    String(one.timeoutMs),
    startTimestamp === undefined ? "None" : String(startTimestamp),
    startTimestamp === undefined ? "None" : String(nowMs - startTimestamp),
    partitions.map(({ topic, partition }) => topicPartitionKey(topic, partition)).join(","),
  ];
  return [header, row];
}

async function describeProducers(admin: Admin, given: ParsedArguments): Promise<Rows> {
  const place = { topic: given.text("topic") ?? "", partition: given.number("partition") ?? 0 };
  const brokerId = given.number("brokerId");
  const described = await admin.describeProducers([place], { brokerId });
  const header = [
    "ProducerId",
    "ProducerEpoch",
    "LatestCoordinatorEpoch",
    "LastSequence",
    "LastTimestamp",
    "CurrentTransactionStartOffset",
  ];
  const rows = outcomeOf(described, topicPartitionKey(place.topic, place.partition)).map((one) => [
    String(one.producerId),
    String(one.producerEpoch),
    String(one.coordinatorEpoch ?? -1),
    String(one.lastSequence),
    String(one.lastTimestamp),
    String(one.currentTransactionStartOffset ?? "None"),
  ]);
  return [header, ...rows];
}

function printTable(rows: Rows, context: CommandContext): void {
  const widths = (rows[0] ?? []).map((_, index) =>
    columnWidth(
      0,
      rows.map((row) => row[index] ?? ""),
    ),
  );
  for (const row of rows) {
    const cells = row.map((cell, index) => `${cell.padEnd(widths[index] ?? 0)}\t`);
    context.print(`${cells.join("")}\n`);
  }
}
