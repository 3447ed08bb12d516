import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { apacheKafka, type BrokerProcess, millrace, startBroker } from "./broker-process.ts";
import { kafkaFolder, millraceCommand } from "./broker-commands.ts";
import { coordinatorRows, largeGroupRows } from "./coordinator-rows.ts";
import { type KeyStore, makeKeyStore } from "./key-store.ts";
import { compileLoadClient, LoadClient } from "./load-client.ts";
import { describeMachine, warmMemory } from "./machine.ts";
import { judge, markdownTable, type RowResult } from "./report.ts";
import { type Row, rows, type Sample } from "./rows.ts";
import { judgeScenario, type Scenario, type ScenarioResult, scenarios } from "./scenarios.ts";
import { readable } from "./statistics.ts";

const usualRows = [...rows, ...coordinatorRows];
const everyRow = [...usualRows, ...largeGroupRows];

const USAGE = `npm run bench -- [options]    Millrace beside Apache Kafka 4.3.1, in turn, as ratios
  --rows a,b      only these rows: ${[...everyRow, ...scenarios].map((row) => row.name).join(", ")}
  --pairs N       pairs of runs a row (5)
  --only BROKER   millrace or kafka alone: figures without ratios, for profiling
  --form FORM     source or built (built when there is one)
  --extra K=V     configuration for Millrace alone, may be repeated
  --folder DIR    where data goes (a temporary folder)
  --no-warm       skip the warming of memory and of the JVM
  --json FILE     write every sample`;

const { values: options } = parseArgs({
  options: {
    rows: { type: "string" },
    pairs: { type: "string", default: "5" },
    only: { type: "string" },
    form: { type: "string" },
    extra: { type: "string", multiple: true, default: [] },
    folder: { type: "string" },
    "no-warm": { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const BROKER_CORE = "0";
const CLIENT_CORE = "1";
const KAFKA_PORT = 19_492;
const MILLRACE_PORT = 19_592;

/** Of every row so far. */
const measured: RowResult[] = [];

async function main(): Promise<void> {
  if (options.help) return console.log(USAGE);
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  mkdirSync(folder, { recursive: true });
  const client = new LoadClient({
    binary: compileLoadClient(path.join(homedir(), ".cache", "millrace", "bench")),
    core: CLIENT_CORE,
  });
  console.log(
    `# ${describeMachine()}; broker on core ${BROKER_CORE}, client on core ${CLIENT_CORE}`,
  );
  if (!options["no-warm"]) warmMemory(folder);
  const chosen = Map.groupBy(chosenRows(), (row) => row.isEncrypted ?? false);
  await measureOnBothBrokers(chosen.get(false) ?? [], { folder, client });
  // Brokers of their own: an encrypted listener costs memory that the other rows do not need.
  const keyStore = chosen.has(true) ? makeKeyStore(folder) : undefined;
  await measureOnBothBrokers(chosen.get(true) ?? [], { folder, client, keyStore });
  if (options.only === undefined) await measureScenarios({ folder, client });
  if (!options.folder) rmSync(folder, { recursive: true, force: true });
}

async function measureScenarios(place: { folder: string; client: LoadClient }): Promise<void> {
  const context = { ...place, kafka: apacheKafka(kafkaFolder()), millrace: ourKind };
  const results: ScenarioResult[] = [];
  for (const scenario of chosenScenarios()) {
    for (const result of await scenario.run(context)) {
      console.log(scenarioLine(result));
      results.push(result);
    }
  }
  if (results.length > 0) console.log(`\n${results.map(scenarioLine).join("\n")}`);
}

/** A line of the table in docs/performance.md. */
function scenarioLine(result: ScenarioResult): string {
  const { title, metric, ours, theirs, target } = result;
  const { value, verdict } = judgeScenario(result);
  const other = theirs === undefined ? "–" : readable(theirs);
  const sign = target.better === "higher" ? "≥" : "≤";
  const limits = `${sign} ${target.must} / ${target.aim}`;
  return `| ${title} | ${metric} | ${readable(ours)} | ${other} | **${readable(value)}** | ${limits} | ${verdict} |`;
}

function ourKind(extra: readonly string[] = []): ReturnType<typeof millrace> {
  return millrace({ ...millraceCommand(options.form), extra: [...options.extra, ...extra] });
}

interface Bench {
  readonly folder: string;
  readonly client: LoadClient;
  readonly keyStore?: KeyStore | undefined;
}

async function measureOnBothBrokers(chosen: readonly Row[], bench: Bench): Promise<void> {
  if (chosen.length === 0) return;
  const { client } = bench;
  const brokers = await startBrokers(bench);
  try {
    if (!options["no-warm"]) for (const broker of brokers) await warmBroker(broker, client);
    const results = await measureRows(chosen, brokers, client);
    if (brokers.length === 2) console.log(`\n${markdownTable(results)}`);
    for (const broker of brokers) {
      const { now, peak } = broker.residentMegabytes();
      console.log(
        `${broker.name}: started in ${readable(broker.startSeconds)} s, resident ${readable(now)} MB, peak ${readable(peak)} MB`,
      );
    }
    measured.push(...results);
    if (options.json) writeFileSync(options.json, JSON.stringify(measured, null, 1));
  } finally {
    for (const broker of brokers) await broker.stop();
  }
}

function chosenRows(): readonly Row[] {
  const names = chosenNames();
  return names === undefined ? usualRows : everyRow.filter(({ name }) => names.includes(name));
}

function chosenScenarios(): readonly Scenario[] {
  const names = chosenNames();
  return scenarios.filter(({ name }) => names?.includes(name) ?? true);
}

function chosenNames(): readonly string[] | undefined {
  const names = options.rows?.split(",");
  for (const name of names ?? []) {
    const isKnown = [...everyRow, ...scenarios].some((candidate) => candidate.name === name);
    if (!isKnown) throw new Error(`no row ${name}\n${USAGE}`);
  }
  return names;
}

async function startBrokers(bench: Bench): Promise<readonly BrokerProcess[]> {
  const { folder, keyStore } = bench;
  const shared = { core: BROKER_CORE, ...(keyStore === undefined ? {} : { keyStore }) };
  const started: BrokerProcess[] = [];
  const ours = ourKind();
  if (options.only !== "kafka") {
    const place = { folder: path.join(folder, "millrace"), port: MILLRACE_PORT, ...shared };
    started.push(await startBroker(ours, place));
  }
  if (options.only !== "millrace") {
    const place = { folder: path.join(folder, "kafka"), port: KAFKA_PORT, ...shared };
    try {
      started.push(await startBroker(apacheKafka(kafkaFolder()), place));
    } catch (error) {
      for (const broker of started) await broker.stop();
      throw error;
    }
  }
  return started;
}

/** At least 3 GB: the JVM's first gigabyte costs twice the CPU of its fourth. */
async function warmBroker(broker: BrokerProcess, client: LoadClient): Promise<void> {
  const topic = { ...broker.address, topic: "warm" };
  await client.run("create", topic);
  await client.run("produce", { ...topic, count: 2_000_000, size: 1000 });
  await client.run("produce", { ...topic, count: 10_000_000, size: 100, batch: 16_384 });
  await client.run("produce", {
    ...topic,
    count: 50_000,
    size: 100,
    linger: 0,
    "batch-records": 1,
  });
  await client.run("consume", { ...topic, count: 3_000_000 });
  await client.run("delete", topic);
}

async function measureRows(
  chosen: readonly Row[],
  brokers: readonly BrokerProcess[],
  client: LoadClient,
): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  let run = 0;
  for (const row of chosen) {
    const pairs: { millrace: Sample; kafka: Sample }[] = [];
    for (let pair = 0; pair < Number(options.pairs); pair++) {
      const samples: Record<string, Sample> = {};
      for (const broker of brokers) {
        const sample = await row.measure(broker, client, ++run);
        samples[broker.name] = sample;
        console.log(`${row.name} ${pair + 1} ${broker.name}: ${inWords(sample)}`);
      }
      const { millrace: ours, kafka: theirs } = samples;
      if (ours && theirs) pairs.push({ millrace: ours, kafka: theirs });
    }
    results.push({ row, pairs });
    if (pairs.length > 0) {
      for (const { target, ratio, verdict } of judge({ row, pairs })) {
        console.log(`${row.name}: ${target.metric} ${readable(ratio)} x Apache Kafka: ${verdict}`);
      }
    }
  }
  return results;
}

function inWords(sample: Sample): string {
  const figures = Object.entries(sample.metrics).map(
    ([name, value]) => `${readable(value)} ${name}`,
  );
  const cpu = `CPU broker ${readable(sample.brokerCpuSeconds)} client ${readable(sample.clientCpuSeconds)}`;
  return `${figures.join(", ")} (${cpu} of ${readable(sample.seconds)} s)`;
}

await main();
