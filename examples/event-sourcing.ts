/**
 * Event sourcing: deposits and withdrawals are the truth and stay in `account-events`; balances
 * follow from them. A projector keeps the newest balance of each account in a compacted topic, in
 * one transaction with the offset it has read up to, so that each event counts exactly once.
 * Whoever wants the balances reads the compacted topic from its beginning.
 */
import { Client, json, notNull, string } from "@millrace/client";
import { startBroker } from "millrace";

type AccountEvent = { amount: number };
type Balance = { balance: number; events: number };

await using broker = await startBroker({ topics: { "account-events": 2 } });
await using client = new Client({ bootstrap: broker.bootstrap });
await using admin = client.admin();
await admin.createTopics([
  { name: "balances", numPartitions: 2, configs: { "cleanup.policy": "compact" } },
]);

await using producer = client.producer({ key: string, value: json<AccountEvent>() });
await deposit(["ann", 100], ["bob", 30], ["ann", -25]);
await project(3);
console.log("balances", await balances());

// Another projector goes on where the first one stopped: from the balances that it left.
await deposit(["bob", 70], ["ann", 5]);
await project(2);
console.log("balances", await balances());

async function deposit(...events: [account: string, amount: number][]): Promise<void> {
  const records = events.map(([key, amount]) => {
    return { topic: "account-events", key, value: { amount } };
  });
  await producer.sendMany(records);
}

/** Works events off into balances, until it has had so many. */
async function project(count: number): Promise<void> {
  const state = new Map(Object.entries(await balances()));
  await using writer = client.producer({
    key: string,
    value: json<Balance>(),
    transactionalId: "projector",
  });
  await using reader = client.consumer({
    groupId: "projector",
    key: notNull(string),
    value: notNull(json<AccountEvent>()),
    offsetReset: "earliest",
    autoCommit: false,
    isolation: "read_committed",
  });
  await reader.subscribe("account-events");
  let seen = 0;
  for await (const batch of reader.batches()) {
    await writer.transaction(async (transaction) => {
      for (const { key, value } of batch) {
        const { balance, events } = state.get(key) ?? { balance: 0, events: 0 };
        const next = { balance: balance + value.amount, events: events + 1 };
        state.set(key, next);
        await transaction.send({ topic: "balances", key, value: next });
      }
      await transaction.sendOffsets(reader.groupMetadata(), batch.offsets());
    });
    seen += batch.count;
    if (seen >= count) break;
  }
}

/** Reads the compacted topic to its end: the last record of each key is its state. */
async function balances(): Promise<Record<string, Balance>> {
  await using reader = client.consumer({
    key: notNull(string),
    value: notNull(json<Balance>()),
    offsetReset: "earliest",
    isolation: "read_committed",
  });
  const partitions = [0, 1].map((partition) => ({ topic: "balances", partition }));
  reader.assign(partitions);
  const state: Record<string, Balance> = {};
  const ends = await reader.endOffsets(partitions);
  const isBehind = async (): Promise<boolean> => {
    const positions = await Promise.all(ends.map((end) => reader.position(end)));
    return ends.some(({ offset }, index) => (positions[index] ?? 0n) < offset);
  };
  if (!(await isBehind())) return state;
  for await (const { records } of reader.batches({ maxWaitMs: 10 })) {
    for (const { key, value } of records) state[key] = value;
    if (!(await isBehind())) break;
  }
  return state;
}
