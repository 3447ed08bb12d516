/**
 * Outbox to events: an order and the event that tells of it are written in one transaction of the
 * database; a relay sends the events in their order and remembers how far it came. If it dies
 * between the two, it sends some again: a reader knows them by the header `event-id`.
 */
import { DatabaseSync } from "node:sqlite";
import { Client, json, notNull, string } from "@millrace/client";
import { startBroker } from "millrace";

type OrderEvent = { type: "placed" | "shipped"; order: string; total?: number };
type OutboxRow = { id: number; key: string; event: string };

const database = new DatabaseSync(":memory:");
database.exec(`
  CREATE TABLE orders (id TEXT PRIMARY KEY, status TEXT, total INTEGER);
  CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, event TEXT, sent INTEGER);
`);

await using broker = await startBroker({ topics: { "order-events": 3 } });
await using client = new Client({ bootstrap: broker.bootstrap });
await using producer = client.producer({ key: string, value: json<OrderEvent>() });

place("order-1", 40);
place("order-2", 25);
ship("order-1");
console.log(`relayed ${await relay()} events, then ${await relay()}`);

await using consumer = client.consumer({
  groupId: "mailer",
  offsetReset: "earliest",
  key: string,
  value: notNull(json<OrderEvent>()),
});
await consumer.subscribe("order-events");
const mails: string[] = [];
for await (const { headers, value } of consumer) {
  mails.push(`${headers.text("event-id")}: ${value.order} was ${value.type}`);
  if (mails.length === 3) break;
}
console.log(mails.sort().join("\n"));

function place(order: string, total: number): void {
  inTransaction(() => {
    database.prepare("INSERT INTO orders VALUES (?, 'placed', ?)").run(order, total);
    publish(order, { type: "placed", order, total });
  });
}

function ship(order: string): void {
  inTransaction(() => {
    database.prepare("UPDATE orders SET status = 'shipped' WHERE id = ?").run(order);
    publish(order, { type: "shipped", order });
  });
}

function publish(key: string, event: OrderEvent): void {
  const insert = database.prepare("INSERT INTO outbox (key, event, sent) VALUES (?, ?, 0)");
  insert.run(key, JSON.stringify(event));
}

function inTransaction(work: () => void): void {
  database.exec("BEGIN");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Sends what waits in the outbox, the oldest first. The key keeps an order's events in order. */
async function relay(): Promise<number> {
  const waiting = database.prepare("SELECT id, key, event FROM outbox WHERE sent = 0 ORDER BY id");
  const rows = waiting.all().map(rowOf);
  await producer.sendMany(
    rows.map(({ id, key, event }) => ({
      topic: "order-events",
      key,
      value: JSON.parse(event) as OrderEvent,
      headers: { "event-id": String(id) },
    })),
  );
  const mark = database.prepare("UPDATE outbox SET sent = 1 WHERE id = ?");
  for (const { id } of rows) mark.run(id);
  return rows.length;
}

function rowOf(row: Record<string, unknown>): OutboxRow {
  return { id: Number(row["id"]), key: String(row["key"]), event: String(row["event"]) };
}
