/**
 * Every kind of client of @millrace/client at work in one process: told by the run that starts it,
 * with a line for each thing that happens. It ends by itself when all its clients are closed.
 */
import process from "node:process";
import { createInterface } from "node:readline";

import { Client, type ClientOptions } from "@millrace/client";
import { seededRandom } from "@millrace/history/faults";

import { partitionCount, protocols, topics, type LoadSettings } from "../events.ts";
import { copyRecords } from "./copying.ts";
import { enqueueRecords, produceBriefly, sendRecords } from "./producing.ts";
import { type Reading, readRecords, visit } from "./reading.ts";
import { report } from "./reporter.ts";
import { shareRecords } from "./sharing.ts";
import { tellMemory, watchOffsets } from "./watching.ts";

const memoryEveryMs = 5_000;
/** A process that is held for so long after everything was closed says by what. */
const heldMsMax = 3_000;

const { bootstrap, seed, rate } = settingsOf(process.argv[2] ?? "");
const clientOptions: ClientOptions = { bootstrap, requestTimeoutMs: 4_000, logLevel: "info" };
const random = seededRandom(seed);
const stopping = new AbortController();
const closing = new AbortController();

const commands = createInterface({ input: process.stdin });
commands.on("line", (line) => (line === "stop" ? stopping : closing).abort());

await prepare();
await Promise.all([produce(), consume()]);
commands.close();
process.stdin.destroy();
report({ kind: "phase", name: "closed" });
setTimeout(() => {
  report({ kind: "held", resources: process.getActiveResourcesInfo() });
  process.exit(3);
}, heldMsMax).unref();

async function prepare(): Promise<void> {
  await using client = new Client(clientOptions);
  await using admin = client.admin();
  const names = [topics.orders, ...Object.values(topics.copies)];
  await admin.createTopics(
    names.map((name) => ({ name, numPartitions: partitionCount, replicationFactor: 1 })),
  );
  const change = { name: "share.auto.offset.reset", op: "set", value: "earliest" } as const;
  await admin.incrementalAlterConfigs([{ type: "group", name: "shares", changes: [change] }]);
  report({ kind: "phase", name: "working" });
}

async function produce(): Promise<void> {
  await using client = new Client({ ...clientOptions, clientId: "producers" });
  const { signal } = stopping;
  await Promise.all([
    sendRecords({ client, name: "sends", rate, signal }),
    enqueueRecords({ client, name: "enqueues", rate, signal }),
    produceBriefly({ client, name: "brief", rate, signal }),
  ]);
  report({ kind: "phase", name: "produced" });
}

async function consume(): Promise<void> {
  const { signal } = closing;
  const reader = { clientOptions, random, signal };
  const members = protocols.flatMap((protocol) => {
    const reading = (member: string): Reading => ({ ...reader, protocol, member });
    const readers = `readers-${protocol}`;
    return [
      readRecords(reading(`${readers}/1`)),
      readRecords(reading(`${readers}/2`)),
      visit({ ...reading(`${readers}/guest`), signal: AbortSignal.any([signal, stopping.signal]) }),
      copyRecords(reading(`copiers-${protocol}/1`)),
      copyRecords(reading(`copiers-${protocol}/2`)),
    ];
  });
  const groups = protocols.flatMap((protocol) => [`readers-${protocol}`, `copiers-${protocol}`]);
  const memory = setInterval(tellMemory, memoryEveryMs);
  await Promise.all([
    ...members,
    shareRecords({ ...reader, member: "shares/1" }, "implicit"),
    shareRecords({ ...reader, member: "shares/2" }, "explicit"),
    watchOffsets(clientOptions, groups, signal),
  ]);
  clearInterval(memory);
}

function settingsOf(text: string): LoadSettings {
  const value: unknown = JSON.parse(text);
  if (!isSettings(value)) throw new Error(`no settings: ${text}`);
  return value;
}

/** The run that starts this is of the same sources. */
function isSettings(value: unknown): value is LoadSettings {
  return typeof value === "object" && value !== null && "bootstrap" in value;
}
