import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

import { InlineOffload, type Logger, type Platform } from "@millrace/platform";
import { MemoryFileSystem } from "@millrace/platform/memory";
import { nodePlatform } from "@millrace/platform/node";

import type { Broker } from "./broker.ts";
import { loadBrokerConfig, problemLine } from "./config/index.ts";
import { composeBroker } from "./lifecycle/compose.ts";

/** What an embedded broker is started with; every field has a default fit for a test. */
export interface StartBrokerOptions {
  /** Topics to create before the promise resolves: name to partition count. */
  readonly topics?: Readonly<Record<string, number>>;
  /** The data folder; without it everything is held in memory and gone at `close`. */
  readonly folder?: string;
  /** The host to listen on and to advertise; 127.0.0.1 without it. */
  readonly host?: string;
  /** The port to listen on; 0, a free one, without it. */
  readonly port?: number;
  /** Configuration as in server.properties. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where log lines go; nowhere without it. */
  readonly logger?: Logger;
}

/** A broker in this process. */
export interface EmbeddedBroker extends AsyncDisposable {
  /** `host:port` of its first listener, as `bootstrap.servers` wants it. */
  readonly bootstrap: string;
  readonly port: number;
  /**
   * Stops as SIGTERM does: finishes what is under way, flushes, marks the folder clean. Idempotent.
   */
  close(): Promise<void>;
}

/** What the command line starts a broker with. */
export interface ServeOptions {
  /** The path of a server.properties file; defaults alone without it. */
  readonly propertiesPath?: string | undefined;
  /** Keys that win over the file: `--override key=value`. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The process environment: `KAFKA_*` names of the apache/kafka image are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: Platform;
  /** Called once the Kafka port answers, with the bound client listeners as `host:port`. */
  readonly onReady?: (listeners: readonly string[]) => void;
}

/** Where the files of a broker in memory seem to lie. */
const memoryFolder = "/millrace";

/**
 * Starts a broker inside this process: `await using broker = await startBroker({ topics: { orders:
 * 3 } })`.
 * Several may run in one process, each with a port and a folder of its own.
 * @throws MillraceError with a stable code when it cannot start.
 */
export async function startBroker(options: StartBrokerOptions = {}): Promise<EmbeddedBroker> {
  const { host = "127.0.0.1", port = 0, folder = memoryFolder } = options;
  const loaded = loadBrokerConfig({
    overrides: {
      listeners: `PLAINTEXT://${host}:${port}`,
      "log.dirs": folder,
      "millrace.http.port": "-1",
      "group.initial.rebalance.delay.ms": "0",
      ...options.config,
    },
  });
  const platform = embeddedPlatform(options);
  const broker = await composeBroker({
    platform,
    loaded,
    machineName: host,
    onFatal: (error) => platform.logger.error("the broker cannot go on", { error }),
  });
  await startOrClose(broker);
  await createTopics(broker, options.topics ?? {});
  const bound = broker.listeners[0]?.port ?? port;
  const close = async (): Promise<void> => {
    await broker.close();
    await platform.offload.close();
  };
  return { bootstrap: `${host}:${bound}`, port: bound, close, [Symbol.asyncDispose]: close };
}

/**
 * Runs a broker until SIGTERM or SIGINT and then stops it in an orderly way; a second signal ends
 * the process at once. The command line awaits it.
 * @returns the exit code.
 * @throws MillraceError with a stable code when it cannot start: configuration, folder, port.
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { platform, propertiesPath, overrides, environment, onReady } = options;
  const { logger } = platform;
  const loaded = loadBrokerConfig({
    file: propertiesPath === undefined ? undefined : readProperties(propertiesPath),
    environment,
    overrides,
  });
  for (const notice of loaded.notices) logger.warn(problemLine(notice));
  const stop = Promise.withResolvers<number>();
  const broker = await composeBroker({
    platform,
    loaded,
    machineName: await machineName(),
    onFatal: (error) => {
      logger.error("the broker cannot go on", { error });
      stop.resolve(1);
    },
  });
  await startOrClose(broker);
  stopOnSignals((signal) => {
    logger.info("stopping", { signal });
    stop.resolve(0);
  });
  for (const { name, host, port } of broker.listeners)
    logger.info("listening", { name, host, port });
  for (const { name, port } of loaded.config.controllerListeners) {
    // One node speaks to its own controller without a socket; nobody else may ask it.
    logger.info("the controller listener is not bound: this node is alone", { name, port });
  }
  onReady?.(broker.listeners.map(({ host, port }) => `${reachableHost(host)}:${port}`));
  const exitCode = await stop.promise;
  await broker.close();
  await platform.offload.close();
  return exitCode;
}

function readProperties(path: string): { readonly path: string; readonly text: string } {
  return { path, text: readFileSync(path, "utf8") };
}

function embeddedPlatform(options: StartBrokerOptions): Platform {
  const world = nodePlatform({ logLevel: "off", hasProcessMetrics: false });
  return {
    ...world,
    ...(options.folder === undefined ? memoryWorld(world) : {}),
    ...(options.logger === undefined ? {} : { logger: options.logger }),
  };
}

/** Files in memory, which a worker thread could not see: its tasks run here. */
function memoryWorld({ clock }: Platform): Pick<Platform, "fileSystem" | "offload"> {
  const fileSystem = new MemoryFileSystem(clock);
  return { fileSystem, offload: new InlineOffload({ fileSystem, clock }) };
}

async function startOrClose(broker: Broker): Promise<void> {
  try {
    await broker.start();
  } catch (error) {
    await broker.close();
    throw error;
  }
}

async function createTopics(
  broker: Broker,
  topics: Readonly<Record<string, number>>,
): Promise<void> {
  const { controller } = broker.services;
  await controller.createTopics({
    validateOnly: false,
    topics: Object.entries(topics).map(([name, numPartitions]) => ({
      name,
      numPartitions,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
  });
}

/** The machine's name where it can be resolved; else what always can. */
async function machineName(): Promise<string> {
  const name = hostname();
  try {
    await lookup(name);
    return name;
  } catch {
    // A container's or a laptop's own name is often unknown to its resolver.
    return "localhost";
  }
}

function reachableHost(host: string): string {
  return host === "::" || host === "0.0.0.0" ? "localhost" : host;
}

function stopOnSignals(stop: (signal: string) => void): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stop(signal);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
