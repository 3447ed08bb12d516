/** Our client beside kafkajs, @platformatic/kafka and librdkafka: `npm run bench:client`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { kafkaFolder, millraceCommand } from "../broker-commands.ts";
import { apacheKafka, type BrokerProcess, millrace, startBroker } from "../broker-process.ts";
import { type ClientResult, type ClientRound, clientTables } from "./client-report.ts";
import {
  type ClientName,
  clientNames,
  clientRows,
  type ClientRow,
  readCounts,
} from "./client-rows.ts";
import { type ClientSample, runClient } from "./run-client.ts";
import { compileLoadClient, LoadClient } from "../load-client.ts";
import { describeMachine, warmMemory } from "../machine.ts";
import { readable } from "../statistics.ts";

const USAGE = `npm run bench:client -- [options]    clients on the same brokers, in turn, as ratios
  --rows a,b      only these rows: ${clientRows.map((row) => row.name).join(", ")}
  --rounds N      how often each client has its turn (5)
  --broker NAME   millrace or kafka alone
  --form FORM     Millrace from source or built (built when there is one)
  --folder DIR    where data goes (a temporary folder)
  --no-warm       skip the warming of memory and of the brokers
  --json FILE     write every sample`;

const { values: options } = parseArgs({
  options: {
    rows: { type: "string" },
    rounds: { type: "string", default: "5" },
    broker: { type: "string" },
    form: { type: "string" },
    folder: { type: "string" },
    "no-warm": { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const BROKER_CORE = "0";
const CLIENT_CORE = "1";
const KAFKA_PORT = 19_792;
const MILLRACE_PORT = 19_892;

async function main(): Promise<void> {
  if (options.help) return console.log(USAGE);
  const rows = chosenRows();
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  mkdirSync(folder, { recursive: true });
  const binary = compileLoadClient(path.join(homedir(), ".cache", "millrace", "bench"));
  const loadClient = new LoadClient({ binary, core: CLIENT_CORE });
  console.log(
    `# ${describeMachine()}; broker on core ${BROKER_CORE}, client on core ${CLIENT_CORE}`,
  );
  if (!options["no-warm"]) warmMemory(folder);
  const brokers = await startBrokers(folder);
  try {
    for (const broker of brokers) await prepare(broker, loadClient);
    const results = await measure(rows, brokers, loadClient);
    console.log(`\n${clientTables(results)}`);
    if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 1));
  } finally {
    for (const broker of brokers) await broker.stop();
    if (!options.folder) rmSync(folder, { recursive: true, force: true });
  }
}

function chosenRows(): readonly ClientRow[] {
  const names = options.rows?.split(",");
  for (const name of names ?? []) {
    if (!clientRows.some((row) => row.name === name)) throw new Error(`no row ${name}\n${USAGE}`);
  }
  return names === undefined ? clientRows : clientRows.filter((row) => names.includes(row.name));
}

async function startBrokers(folder: string): Promise<readonly BrokerProcess[]> {
  const started: BrokerProcess[] = [];
  const place = (name: string, port: number): Parameters<typeof startBroker>[1] => {
    return { folder: path.join(folder, name), port, core: BROKER_CORE };
  };
  try {
    if (options.broker !== "kafka") {
      const kind = millrace(millraceCommand(options.form));
      started.push(await startBroker(kind, place("millrace", MILLRACE_PORT)));
    }
    if (options.broker !== "millrace") {
      started.push(await startBroker(apacheKafka(kafkaFolder()), place("kafka", KAFKA_PORT)));
    }
    return started;
  } catch (error) {
    for (const broker of started) await broker.stop();
    throw error;
  }
}

/** Warms a broker, the JVM above all, and produces what the rows of consumers read. */
async function prepare(broker: BrokerProcess, client: LoadClient): Promise<void> {
  if (!options["no-warm"]) {
    const topic = { ...broker.address, topic: "warm" };
    await client.run("create", topic);
    await client.run("produce", { ...topic, count: 2_000_000, size: 1000 });
    await client.run("produce", { ...topic, count: 10_000_000, size: 100, batch: 16_384 });
    const alone = { count: 50_000, size: 100, linger: 0, "batch-records": 1 };
    await client.run("produce", { ...topic, ...alone });
    await client.run("consume", { ...topic, count: 3_000_000 });
    await client.run("delete", topic);
  }
  for (const [size, count] of Object.entries(readCounts)) {
    const topic = { ...broker.address, topic: readTopic(Number(size)) };
    await client.run("create", topic);
    // Batches as large as a Java producer with its defaults makes them.
    await client.run("produce", { ...topic, count, size: Number(size), batch: 16_384 });
  }
  console.log(`${broker.name}: ready`);
}

function readTopic(size: number): string {
  return `read-${size}`;
}

async function measure(
  rows: readonly ClientRow[],
  brokers: readonly BrokerProcess[],
  loadClient: LoadClient,
): Promise<readonly ClientResult[]> {
  const results: ClientResult[] = [];
  let run = 0;
  for (const row of rows) {
    for (const broker of brokers) {
      const rounds: ClientRound[] = [];
      for (let round = 0; round < Number(options.rounds); round++) {
        const samples: Partial<Record<ClientName, ClientSample>> = {};
        for (const name of clientNames) {
          if (name === "librdkafka" && row.load === undefined) continue;
          run += 1;
          samples[name] = await runOnce({ name, row, broker, loadClient, run });
          const line = `${row.name} ${round + 1} ${broker.name} ${name}: ${inWords(samples[name])}`;
          console.log(line);
        }
        rounds.push(samples);
      }
      results.push({ row, broker: broker.name, rounds });
    }
  }
  return results;
}

async function runOnce(turn: {
  readonly name: ClientName;
  readonly row: ClientRow;
  readonly broker: BrokerProcess;
  readonly loadClient: LoadClient;
  readonly run: number;
}): Promise<ClientSample> {
  const { name, row, broker, loadClient, run } = turn;
  const topic = row.reads ? readTopic(row.size) : `${row.name}-${run}`;
  const address = { ...broker.address, topic };
  if (!row.reads) await loadClient.run("create", address);
  const { bootstrap } = broker;
  const groupId = `bench-${run}`;
  const place = { core: CLIENT_CORE, bootstrap, topic, groupId, loadClient };
  const sample = await runClient(name, row, place);
  if (!row.reads) await loadClient.run("delete", address);
  return sample;
}

function inWords(sample: ClientSample): string {
  const { recordsPerSecond, cpuSecondsPerMillion, load, residentMegabytes, latencyMs } = sample;
  const rate =
    latencyMs === undefined
      ? `${readable(recordsPerSecond)} records/s`
      : `p50 ${readable(latencyMs.p50)} p99 ${readable(latencyMs.p99)} ms`;
  const cost = `${readable(cpuSecondsPerMillion)} CPU s per million, ${readable(load)} of its core`;
  return `${rate} (${cost}, ${readable(residentMegabytes)} MB)`;
}

await main();
