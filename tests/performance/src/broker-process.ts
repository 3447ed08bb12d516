import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyStore } from "./key-store.ts";
import type { LoadOptions } from "./load-client.ts";
import { cpuSeconds, residentMegabytes } from "./process-usage.ts";

/** A broker under measurement, in a process of its own, pinned to one core. */
export interface BrokerProcess {
  readonly name: string;
  readonly pid: number;
  /** `127.0.0.1:PORT` of the listener without encryption. */
  readonly bootstrap: string;
  /** What rows tell the load client: the encrypted listener and whom to trust, if there is one. */
  readonly address: LoadOptions;
  /** Seconds from the start of the process to the first answered Metadata request. */
  readonly startSeconds: number;
  cpuSeconds(): number;
  residentMegabytes(): { readonly now: number; readonly peak: number };
  /** SIGTERM, then waits for the end. */
  stop(): Promise<void>;
}

/** How to start one kind of broker. */
export interface BrokerKind {
  readonly name: string;
  /** Prepares an empty data folder. */
  format(place: BrokerPlace): void;
  /** The command line that runs a broker on a prepared folder. */
  command(folder: string): readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Where a broker works. */
export interface BrokerPlace {
  readonly folder: string;
  /** Of the listener; the controller's is the next, the encrypted listener's the one after it. */
  readonly port: number;
  /** With it there is an encrypted listener, too. */
  readonly keyStore?: KeyStore;
}

/** Configuration that both brokers get, so that neither is measured with another promise. */
function sharedProperties({ folder, port, keyStore }: BrokerPlace): readonly string[] {
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${port + 1}`];
  if (keyStore !== undefined) listeners.push(`SSL://127.0.0.1:${port + 2}`);
  return [
    "process.roles=broker,controller",
    "node.id=1",
    `controller.quorum.voters=1@127.0.0.1:${port + 1}`,
    `listeners=${listeners.join(",")}`,
    "controller.listener.names=CONTROLLER",
    "inter.broker.listener.name=PLAINTEXT",
    `log.dirs=${folder}/data`,
    "offsets.topic.replication.factor=1",
    "transaction.state.log.replication.factor=1",
    "transaction.state.log.min.isr=1",
    "share.coordinator.state.topic.replication.factor=1",
    "share.coordinator.state.topic.min.isr=1",
    "group.initial.rebalance.delay.ms=0",
    // With the default of a minute, what a row deleted is freed while a later one is measured.
    "log.segment.delete.delay.ms=1000",
    ...(keyStore === undefined ? [] : encryptedListener(keyStore)),
  ];
}

function encryptedListener(keyStore: KeyStore): readonly string[] {
  return [
    // Apache Kafka adds controllers' listeners to the map only where nothing is encrypted.
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL",
    "ssl.keystore.type=PEM",
    `ssl.keystore.location=${keyStore.file}`,
  ];
}

/**
 * Apache Kafka from a folder of jars, with the JVM options of its own start script and a 1 GB heap.
 */
export function apacheKafka(jars: string): BrokerKind {
  const java = [
    "java -Xmx1G -Xms1G -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp",
  ];
  const words = [...java.join(" ").split(" "), `${jars}/*`];
  return {
    name: "kafka",
    environment: {},
    format(place) {
      const file = writeProperties(place.folder, sharedProperties(place));
      const [program = "", ...options] = words;
      const id = "MkU3OEVBNTcwNTJENDM2Qg";
      const storage = [...options, "kafka.tools.StorageTool", "format", "-t", id, "-c", file];
      execFileSync(program, storage, { stdio: "ignore" });
    },
    command: (folder) => [...words, "kafka.Kafka", `${folder}/server.properties`],
  };
}

/** Millrace by its command, with extra configuration when a row asks for it. */
export function millrace(options: {
  readonly command: readonly string[];
  readonly extra?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}): BrokerKind {
  return {
    name: "millrace",
    environment: options.environment ?? {},
    format(place) {
      writeProperties(place.folder, [...sharedProperties(place), ...(options.extra ?? [])]);
    },
    command: (folder) => [...options.command, "start", `${folder}/server.properties`],
  };
}

/** Starts a broker on a fresh folder, or on the one that is there when `keep` is set. */
export async function startBroker(
  kind: BrokerKind,
  place: BrokerPlace & { readonly core: string; readonly keep?: boolean },
): Promise<BrokerProcess> {
  if (!place.keep) {
    rmSync(place.folder, { recursive: true, force: true });
    mkdirSync(place.folder, { recursive: true });
    kind.format(place);
  }
  const log = openSync(path.join(place.folder, "broker.log"), "a");
  const began = performance.now();
  const child = spawn("taskset", ["-c", place.core, ...kind.command(place.folder)], {
    stdio: ["ignore", log, log],
    env: { ...process.env, ...kind.environment },
  });
  await firstMetadataAnswer(child, place.port, place.folder);
  // taskset replaces itself by the broker: the child's pid is the broker's.
  const pid = child.pid ?? 0;
  return {
    name: kind.name,
    pid,
    bootstrap: `127.0.0.1:${place.port}`,
    address: addressOf(place),
    startSeconds: (performance.now() - began) / 1000,
    cpuSeconds: () => cpuSeconds(pid),
    residentMegabytes: () => residentMegabytes(pid),
    stop: () => stop(child),
  };
}

function addressOf({ port, keyStore }: BrokerPlace): LoadOptions {
  return keyStore === undefined
    ? { brokers: `127.0.0.1:${port}` }
    : { brokers: `127.0.0.1:${port + 2}`, "trusted-certificate": keyStore.certificateFile };
}

function writeProperties(folder: string, lines: readonly string[]): string {
  const file = path.join(folder, "server.properties");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.kill("SIGTERM");
  await ended;
}

/**
 * Metadata v1 for every topic with correlation id 1 and no client id: the smallest honest question.
 */
const METADATA_REQUEST = Buffer.from("0000000e0003000100000001ffffffffffff", "hex");

async function firstMetadataAnswer(
  child: ChildProcess,
  port: number,
  folder: string,
): Promise<void> {
  for (let attempt = 0; attempt < 6000; attempt++) {
    if (child.exitCode !== null) {
      throw new Error(`the broker ended with ${child.exitCode}: see ${folder}/broker.log`);
    }
    if (await answersMetadata(port)) return;
    await sleep(10);
  }
  throw new Error(`no answer on port ${port} in 60 s: see ${folder}/broker.log`);
}

function answersMetadata(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => socket.write(METADATA_REQUEST));
    // Size, correlation id, and a broker count above 0: Kafka answers before it knows itself.
    socket.once("data", (bytes) => finish(bytes.length >= 12 && bytes.readInt32BE(8) > 0));
    socket.once("error", () => finish(false));
    socket.setTimeout(1000, () => finish(false));
  });
}
