import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { javaCommand, kafkaTool } from "./java.ts";
import { root } from "./places.ts";

/** A broker in a process of its own, on an address of this machine. */
export interface Broker extends AsyncDisposable {
  readonly kind: BrokerKind;
  /** `127.0.0.1:PORT`. */
  readonly bootstrap: string;
  /** Where it keeps its records: `log.dirs`. */
  readonly dataFolder: string;
  readonly pid: number;
  /** SIGTERM, and waits for the end; gives the exit code. */
  stop(): Promise<number>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port after `stop` or `kill`. */
  start(): Promise<void>;
}

/** Which broker. */
export type BrokerKind = "millrace" | "kafka";

/** What a broker is started with. */
export interface BrokerOptions {
  /** Lines of server.properties besides the usual ones. */
  readonly properties?: readonly string[];
  /** Further listeners on this machine: name to port. */
  readonly listeners?: Readonly<Record<string, number>>;
  /** A data folder to start on; without it an empty one that goes with the broker. */
  readonly dataFolder?: string;
  /** How many log directories it has: the data folder, and others beside it; 1 without it. */
  readonly logDirectories?: number;
  /** Further options of the machine that Apache Kafka runs in. */
  readonly javaOptions?: readonly string[];
}

/** A broker must answer within this time; Apache Kafka takes 3 to 10 s. */
const startTimeoutMs = 60_000;

/** One that does not end after SIGTERM is killed after this time. */
const stopTimeoutMs = 30_000;

/** The broker that the tests ask: Millrace, or with CONFORMANCE_BROKER=kafka the reference. */
export function startBrokerUnderTest(options: BrokerOptions = {}): Promise<Broker> {
  return process.env["CONFORMANCE_BROKER"] === "kafka"
    ? startKafka(options)
    : startMillrace(options);
}

/** Starts Millrace from the sources. */
export function startMillrace(options: BrokerOptions = {}): Promise<Broker> {
  return startProcess("millrace", options, (file) => [
    process.execPath,
    "--conditions=@millrace/source",
    join(root, "packages/millrace/src/main.ts"),
    "start",
    file,
  ]);
}

/** Starts Apache Kafka, one node that is broker and controller. */
export function startKafka(options: BrokerOptions = {}): Promise<Broker> {
  const machine = ["-Xmx512m", "-Xms256m", "-XX:+UseSerialGC", ...(options.javaOptions ?? [])];
  return startProcess("kafka", options, (file) => javaCommand("kafka.Kafka", [file], machine));
}

async function startProcess(
  kind: BrokerKind,
  options: BrokerOptions,
  command: (file: string) => readonly string[],
): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), `millrace-conformance-${kind}-`));
  const dataFolder = options.dataFolder ?? join(folder, "data");
  const port = await freePort();
  const file = join(folder, "server.properties");
  writeFileSync(
    file,
    [
      ...usual(logDirectories(dataFolder, options.logDirectories ?? 1), port, {
        controllerPort: await freePort(),
        more: options.listeners ?? {},
      }),
      ...(options.properties ?? []),
    ].join("\n"),
  );
  if (kind === "kafka" && options.dataFolder === undefined) {
    await kafkaTool("kafka.tools.StorageTool", [
      "format",
      "-t",
      "MkU3OEVBNTcwNTJENDM2Qg",
      "-c",
      file,
    ]);
  }
  const broker = new BrokerProcess({ kind, folder, dataFolder, port, command: command(file) });
  await broker.start();
  return broker;
}

function logDirectories(dataFolder: string, count: number): string {
  const others = Array.from({ length: count - 1 }, (_, index) => `${dataFolder}-${index + 2}`);
  return [dataFolder, ...others].join(",");
}

function usual(
  logFolders: string,
  port: number,
  others: {
    readonly controllerPort: number;
    readonly more: Readonly<Record<string, number>>;
  },
): readonly string[] {
  const { controllerPort, more } = others;
  const listeners = Object.entries(more).map(([name, number]) => `${name}://127.0.0.1:${number}`);
  return [
    "process.roles=broker,controller",
    "node.id=1",
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=${[`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`, ...listeners].join(",")}`,
    "controller.listener.names=CONTROLLER",
    "inter.broker.listener.name=PLAINTEXT",
    `log.dirs=${logFolders}`,
    "offsets.topic.replication.factor=1",
    "transaction.state.log.replication.factor=1",
    "transaction.state.log.min.isr=1",
    "group.initial.rebalance.delay.ms=0",
    // Millrace's own key; Apache Kafka does not know it and does not mind.
    "millrace.http.port=-1",
  ];
}

interface BrokerPlace {
  readonly kind: BrokerKind;
  readonly folder: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly command: readonly string[];
}

class BrokerProcess implements Broker {
  readonly kind: BrokerKind;
  readonly bootstrap: string;
  readonly dataFolder: string;
  readonly #place: BrokerPlace;
  #child: ChildProcess | undefined;

  constructor(place: BrokerPlace) {
    this.#place = place;
    this.kind = place.kind;
    this.dataFolder = place.dataFolder;
    this.bootstrap = `127.0.0.1:${place.port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const [program = "", ...args] = this.#place.command;
    const log = openSync(this.#logPath, "a");
    const child = spawn(program, args, { stdio: ["ignore", log, log] });
    this.#child = child;
    const deadline = performance.now() + startTimeoutMs;
    while (!(await answersMetadata(this.#place.port))) {
      if (child.exitCode !== null || performance.now() > deadline) {
        await this.kill();
        throw new Error(`${this.kind} does not answer; its last words:\n${this.#lastWords()}`);
      }
      await sleep(20);
    }
  }

  async stop(): Promise<number> {
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), stopTimeoutMs);
    const code = await this.#end("SIGTERM");
    clearTimeout(timer);
    return code;
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#place.folder, { recursive: true, force: true });
  }

  get #logPath(): string {
    return join(this.#place.folder, "broker.log");
  }

  #lastWords(): string {
    return readFileSync(this.#logPath, "utf8").slice(-3000);
  }

  /** 137 stands for a process that was killed, as in a shell. */
  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<number> {
    const child = this.#child;
    if (child === undefined) return 0;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      await ended;
    }
    return child.exitCode ?? 137;
  }
}

/** Metadata, version 1, of no topic: size, key, version, correlation id, no client id, no topic. */
const metadataRequest = Buffer.from("0000000e0003000100000007ffff00000000", "hex");

/** Whether the broker on a port knows itself: Apache Kafka answers earlier, with an empty list. */
function answersMetadata(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const finish = (hasAnswered: boolean): void => {
      socket.destroy();
      resolve(hasAnswered);
    };
    socket.once("connect", () => socket.write(metadataRequest));
    socket.once("data", (bytes) => finish(bytes.length >= 12 && bytes.readInt32BE(8) > 0));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
    socket.setTimeout(1000, () => finish(false));
  });
}
