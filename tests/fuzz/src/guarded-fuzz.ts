import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import tls from "node:tls";
import {
  ApiVersions,
  encodeRequest,
  errorName,
  Metadata,
  SaslAuthenticate,
  SaslHandshake,
} from "@millrace/protocol";
import type { FuzzExtent } from "./decoder-fuzz.ts";
import { GoodClient } from "./good-client.ts";
import { type Guard, GuardedBroker, user } from "./guarded-broker.ts";
import { HostileBytes } from "./hostile-bytes.ts";
import { HostileConnection } from "./hostile-connection.ts";
import { residentBytes } from "./resident-memory.ts";

/** What a run came to. */
export interface GuardedFuzzReport {
  /** How often each attack was made. */
  readonly attacks: Readonly<Record<string, number>>;
  readonly frames: number;
  readonly connections: number;
  /** Connections that the broker had closed when their burst's good client was served. */
  readonly refused: number;
  /** Handshakes that were made anew on a connection: nobody may have one. */
  readonly renegotiated: number;
  readonly residentBytes: number | undefined;
}

const connectionsPerBurst = 12;
const framesPerConnectionMax = 6;
/** Fewer than the kernel's queue of a listener holds. */
const openedAtOnce = 20;

/**
 * Hostile clients against listeners with TLS, SASL and both: what is no TLS, handshakes that end
 * early or never, records that are damaged, renegotiation, frames in states of SASL where nobody
 * asked for them. After each burst a well-behaved client logs in and is served on each listener.
 */
export class GuardedFuzz {
  readonly #broker: GuardedBroker;
  readonly #bytes: HostileBytes;
  readonly #hello: Buffer;
  readonly #counts = { frames: 0, connections: 0, refused: 0, renegotiated: 0 };
  readonly #attacks: Readonly<Record<string, () => Promise<readonly HostileConnection[]>>> = {
    "plain text to TLS": () => this.#each("TLS", (guard) => this.#plainText(guard)),
    "broken handshakes": () => this.#each("BOTH", (guard) => this.#brokenHandshake(guard)),
    "half-open handshakes": () => this.#halfOpen(),
    "frames over TLS": () => this.#each("TLS", (guard) => this.#frames(guard)),
    "damaged records": () => this.#each("TLS", (guard) => this.#damagedRecords(guard)),
    renegotiation: () => this.#each("TLS", (guard) => this.#renegotiation(guard)),
    "before SASL": () => this.#each("LOGIN", (guard) => this.#outOfState(guard)),
    "before SASL over TLS": () => this.#each("BOTH", (guard) => this.#outOfState(guard)),
    "after SASL": () => this.#each("LOGIN", (guard) => this.#afterLogin(guard)),
    "after SASL over TLS": () => this.#each("BOTH", (guard) => this.#afterLogin(guard)),
  };
  readonly #halfOpenCount: number;

  private constructor(
    broker: GuardedBroker,
    options: { readonly seed: number; readonly hello: Buffer; readonly halfOpenCount: number },
  ) {
    this.#broker = broker;
    this.#bytes = new HostileBytes(options.seed, "hostile");
    this.#hello = options.hello;
    this.#halfOpenCount = options.halfOpenCount;
  }

  /**
   * Makes every attack in turn, once at least, against a broker of its own.
   * @throws Error naming the attack after which the broker failed.
   */
  static async run(
    extent: FuzzExtent & { readonly halfOpenCount?: number },
  ): Promise<GuardedFuzzReport> {
    await using broker = await GuardedBroker.start();
    const { seed, halfOpenCount = 1000 } = extent;
    const hello = await clientHello();
    const fuzz = new GuardedFuzz(broker, { seed, hello, halfOpenCount });
    const made: Record<string, number> = {};
    const began = performance.now();
    do {
      for (const [name, attack] of Object.entries(fuzz.#attacks)) {
        const connections = await attack();
        await fuzz.#expectService(name);
        fuzz.#leave(connections);
        made[name] = (made[name] ?? 0) + 1;
      }
    } while (
      fuzz.#counts.frames < extent.framesMax &&
      performance.now() - began < extent.timeMsMax
    );
    return { ...fuzz.#counts, attacks: made, residentBytes: residentBytes(broker.pid) };
  }

  /** A burst of one attack's connections. */
  async #each(
    guard: Guard,
    open: (guard: Guard) => Promise<HostileConnection>,
  ): Promise<readonly HostileConnection[]> {
    const opening = Array.from({ length: connectionsPerBurst }, () => open(guard));
    const connections = await Promise.all(opening);
    this.#counts.connections += connections.length;
    const { random } = this.#bytes;
    for (const connection of connections) {
      const manner = random.pick(["stay", "stay", "half", "deaf", "reset"] as const);
      if (manner !== "stay") connection.leave(manner);
    }
    return connections;
  }

  async #plainText(guard: Guard): Promise<HostileConnection> {
    const connection = new HostileConnection(await this.#broker.openBare(guard));
    this.#sendFrames(connection);
    return connection;
  }

  /** The beginning of a good handshake, cut, with a few bits turned, and noise after it. */
  async #brokenHandshake(guard: Guard): Promise<HostileConnection> {
    const { random } = this.#bytes;
    const connection = new HostileConnection(await this.#broker.openBare(guard));
    const hello = Buffer.from(this.#hello.subarray(0, 1 + random.below(this.#hello.length)));
    for (let flips = random.below(4); flips > 0; flips -= 1) {
      const at = random.below(hello.length);
      hello[at] = (hello[at] ?? 0) ^ (1 << random.below(8));
    }
    connection.send(hello);
    if (random.below(2) === 0) this.#sendFrames(connection);
    return connection;
  }

  /** Many handshakes that are begun and left alone; half of them have their whole first message. */
  async #halfOpen(): Promise<readonly HostileConnection[]> {
    const connections: HostileConnection[] = [];
    while (connections.length < this.#halfOpenCount) {
      const opening = Array.from({ length: openedAtOnce }, () => this.#broker.openBare("TLS"));
      for (const socket of await Promise.all(opening)) {
        const connection = new HostileConnection(socket);
        const isWhole = connections.length % 2 === 0;
        connection.send(isWhole ? this.#hello : this.#hello.subarray(0, 100));
        connections.push(connection);
      }
    }
    this.#counts.connections += connections.length;
    return connections;
  }

  async #frames(guard: Guard): Promise<HostileConnection> {
    const connection = new HostileConnection(await this.#broker.open(guard));
    this.#sendFrames(connection);
    return connection;
  }

  /** Bytes below a session that is good until then. */
  async #damagedRecords(guard: Guard): Promise<HostileConnection> {
    const bare = await this.#broker.openBare(guard);
    const secure = new HostileConnection(await this.#broker.encrypt(bare));
    this.#sendFrames(secure);
    const below = new HostileConnection(bare);
    // Application data of TLS 1.2 and 1.3, as long as a record may be, that nobody has encrypted.
    if (this.#bytes.random.below(2) === 0) below.send(Buffer.from("1703034000", "hex"));
    this.#sendFrames(below);
    return secure;
  }

  async #renegotiation(guard: Guard): Promise<HostileConnection> {
    const socket = await this.#broker.open(guard, { maxVersion: "TLSv1.2" });
    const connection = new HostileConnection(socket);
    if (!(socket instanceof tls.TLSSocket)) throw new Error(`${guard} is not encrypted`);
    for (let times = 0; times < 5 && !connection.isClosed; times += 1) {
      socket.renegotiate({}, (error) => {
        if (error === null) this.#counts.renegotiated += 1;
      });
    }
    this.#sendFrames(connection);
    return connection;
  }

  /** Steps of SASL, and of everything else, in any order. */
  async #outOfState(guard: Guard): Promise<HostileConnection> {
    const connection = new HostileConnection(await this.#broker.open(guard));
    this.#sendSteps(connection);
    return connection;
  }

  /** The same from somebody who has logged in. */
  async #afterLogin(guard: Guard): Promise<HostileConnection> {
    const socket = await this.#broker.open(guard);
    await login(new GoodClient(socket));
    const connection = new HostileConnection(socket);
    this.#sendSteps(connection);
    return connection;
  }

  #sendSteps(connection: HostileConnection): void {
    const { random } = this.#bytes;
    for (let left = 1 + random.below(framesPerConnectionMax); left > 0; left -= 1) {
      this.#counts.frames += 1;
      connection.send(this.#step());
    }
  }

  #step(): Buffer {
    const { random } = this.#bytes;
    switch (random.below(6)) {
      case 0: {
        const mechanism = random.pick(["PLAIN", "SCRAM-SHA-256", "GSSAPI", "", "x".repeat(3000)]);
        return handshake(random.below(2), mechanism);
      }
      case 1:
      case 2:
        return authenticate(random.below(3), this.#token());
      case 3: {
        // A token without a header, as after SaslHandshake 0.
        const token = this.#token();
        const size = Buffer.alloc(4);
        size.writeInt32BE(token.length);
        return Buffer.concat([size, token]);
      }
      case 4: {
        const options = { correlationId: 1, clientId: "fuzz", body: { topics: null } };
        return Buffer.concat(encodeRequest(Metadata, 9, options));
      }
      default:
        return this.#bytes.next();
    }
  }

  #token(): Buffer {
    const { random } = this.#bytes;
    const tokens = [
      "\0good\0wrong",
      "other\0good\0secret",
      "\0\0",
      "n,,n=good,r=nonce",
      "c=biws,r=",
    ];
    return random.below(3) === 0 ? this.#bytes.next() : Buffer.from(random.pick(tokens));
  }

  #sendFrames(connection: HostileConnection): void {
    const { random } = this.#bytes;
    for (let left = 1 + random.below(framesPerConnectionMax); left > 0; left -= 1) {
      this.#counts.frames += 1;
      connection.send(this.#bytes.next());
    }
  }

  #leave(connections: readonly HostileConnection[]): void {
    for (const connection of connections) {
      if (connection.isRefused) this.#counts.refused += 1;
      connection.leave("reset");
    }
  }

  /** A good client is served on each listener. */
  async #expectService(attack: string): Promise<void> {
    for (const guard of ["TLS", "LOGIN", "BOTH"] as const) {
      try {
        const socket = await this.#broker.open(guard);
        const client = new GoodClient(socket);
        if (guard !== "TLS") await login(client);
        const { errorCode } = await client.ask(ApiVersions, 0, {});
        expectNone("ApiVersions", errorCode);
        socket.destroy();
      } catch (cause) {
        throw new Error(`${guard} after ${attack}: ${String(cause)}`, { cause });
      }
    }
  }
}

/** A report in one line. */
export function describeGuardedFuzz(report: GuardedFuzzReport): string {
  const { frames, connections, refused, attacks } = report;
  const bursts = Object.values(attacks).reduce((sum, count) => sum + count, 0);
  const mib = Math.round((report.residentBytes ?? 0) / 2 ** 20);
  return (
    `${frames} frames over ${connections} connections in ${bursts} bursts against TLS and SASL, ` +
    `${refused} refused; a good client was served on each listener after each; ` +
    `${mib} MiB resident`
  );
}

async function login(client: GoodClient): Promise<void> {
  const shaken = await client.ask(SaslHandshake, 1, { mechanism: "PLAIN" });
  expectNone("SaslHandshake", shaken.errorCode);
  const authBytes = Buffer.from(`\0${user.name}\0${user.password}`);
  const { errorCode } = await client.ask(SaslAuthenticate, 2, { authBytes });
  expectNone("SaslAuthenticate", errorCode);
}

function handshake(version: number, mechanism: string): Buffer {
  const options = { correlationId: 1, clientId: "fuzz", body: { mechanism } };
  return Buffer.concat(encodeRequest(SaslHandshake, version, options));
}

function authenticate(version: number, authBytes: Buffer): Buffer {
  const options = { correlationId: 1, clientId: "fuzz", body: { authBytes } };
  return Buffer.concat(encodeRequest(SaslAuthenticate, version, options));
}

function expectNone(what: string, errorCode: number): void {
  if (errorCode !== 0) throw new Error(`${what} was answered ${errorName(errorCode)}`);
}

/** The first message of a client's handshake, as this process' TLS writes it. */
async function clientHello(): Promise<Buffer> {
  const sink = createServer();
  sink.listen(0, "127.0.0.1");
  await once(sink, "listening");
  const address = sink.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const accepted = once(sink, "connection");
  const client = tls.connect({ host: "127.0.0.1", port: address.port });
  client.on("error", () => {});
  const [socket] = (await accepted) as [Socket];
  const [bytes] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  sink.close();
  return bytes;
}
