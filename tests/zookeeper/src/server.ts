import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, type ZooKeeperRelease, zooKeeperJars } from "@millrace/conformance/harness";

const startTimeoutMs = 40_000;
const tickMs = 200;
const machineOptions = ["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];

/** A ZooKeeper server in a process of its own, on an address of this machine. */
export interface ZooKeeperServer extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly clientPort: number;
  /** What it says of itself: `standalone`, `leader`, `follower`; undefined when it serves not. */
  role(): Promise<string | undefined>;
  /** Waits until it serves. @throws Error with the end of its log. */
  ready(): Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and ports. */
  start(): void;
  /** SIGSTOP, and waits until it takes no more. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
}

/** What a server is started with. */
export interface ServerOptions {
  readonly release: ZooKeeperRelease;
  /** Lines of zoo.cfg besides the usual ones. */
  readonly lines?: readonly string[];
  /** System properties of the process. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly id?: number;
}

/** Starts one server; it serves once `ready` says so. */
export async function startServer(options: ServerOptions): Promise<ZooKeeperServer> {
  return new ServerProcess(options, await freePort());
}

/** Starts servers that elect a leader among them. */
export async function startEnsemble(
  release: ZooKeeperRelease,
  count: number,
): Promise<readonly ZooKeeperServer[]> {
  const lines: string[] = [];
  for (let id = 1; id <= count; id += 1) {
    lines.push(`server.${id}=127.0.0.1:${await freePort()}:${await freePort()}`);
  }
  const servers: ZooKeeperServer[] = [];
  for (let id = 1; id <= count; id += 1) {
    servers.push(await startServer({ release, lines, id }));
  }
  return servers;
}

class ServerProcess implements ZooKeeperServer {
  readonly clientPort: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "millrace-zookeeper-"));
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;

  constructor(options: ServerOptions, clientPort: number) {
    const jars = zooKeeperJars(options.release);
    if ("missing" in jars) throw new Error(jars.missing);
    this.clientPort = clientPort;
    const data = join(this.#folder, "data");
    mkdirSync(data);
    if (options.id !== undefined) writeFileSync(join(data, "myid"), String(options.id));
    const file = join(this.#folder, "zoo.cfg");
    const lines = [
      `tickTime=${tickMs}`,
      "initLimit=25",
      "syncLimit=10",
      `dataDir=${data}`,
      `clientPort=${clientPort}`,
      "clientPortAddress=127.0.0.1",
      "4lw.commands.whitelist=*",
      "admin.enableServer=false",
      "minSessionTimeout=400",
      "maxSessionTimeout=20000",
      // Tests look for bytes and order; what the disk loses at a power cut is not theirs.
      "forceSync=no",
      ...(options.lines ?? []),
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    const properties = {
      "zookeeper.extendedTypesEnabled": "true",
      "zookeeper.forceSync": "no",
      "org.slf4j.simpleLogger.defaultLogLevel": "warn",
      ...options.properties,
    };
    this.#command = [
      ...machineOptions,
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
      "-cp",
      jars.classPath,
      "org.apache.zookeeper.server.quorum.QuorumPeerMain",
      file,
    ];
    this.start();
  }

  get address(): string {
    return `127.0.0.1:${this.clientPort}`;
  }

  start(): void {
    const log = openSync(this.#logPath, "a");
    this.#child = spawn("java", this.#command, {
      cwd: this.#folder,
      stdio: ["ignore", log, log],
    });
  }

  async ready(): Promise<void> {
    for (let waitedMs = 0; waitedMs < startTimeoutMs; waitedMs += 50) {
      if ((await this.role()) !== undefined) return;
      if (this.#child?.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(
      `ZooKeeper does not serve: ${readFileSync(this.#logPath, "utf8").slice(-2000)}`,
    );
  }

  async role(): Promise<string | undefined> {
    return /^Mode: (\w+)$/m.exec(await fourLetters(this.clientPort, "srvr"))?.[1];
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async pause(): Promise<void> {
    this.#child?.kill("SIGSTOP");
    while ((await this.role()) !== undefined) await sleep(10);
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #logPath(): string {
    return join(this.#folder, "log");
  }
}

/** What a server answers to one of its four-letter words; empty when it does not. */
function fourLetters(port: number, word: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(word));
    let text = "";
    socket.setTimeout(200, () => socket.destroy());
    socket.on("data", (bytes) => {
      text += bytes.toString();
    });
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
  });
}
