import { once } from "node:events";
import { connect } from "node:net";
import { type Broker, startMillrace } from "@millrace/conformance/harness";
import {
  type ApiSchema,
  ApiVersions,
  buildRecordBatch,
  CreateTopics,
  decodeResponse,
  encodeRequest,
  errorName,
  Produce,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";
import type { FuzzExtent } from "./decoder-fuzz.ts";
import { HostileBytes } from "./hostile-bytes.ts";
import { HostileConnection } from "./hostile-connection.ts";
import { residentBytes } from "./resident-memory.ts";

/** What a run came to. */
export interface SocketFuzzReport {
  readonly bursts: number;
  readonly connections: number;
  readonly frames: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Connections that the broker closed, or that their client had left at once. */
  readonly closed: number;
  readonly residentBytes: number | undefined;
}

const connectionsPerBurst = 16;
const framesPerConnectionMax = 12;
/** A new topic for the well-behaved client now and then: the metadata must go on, too. */
const burstsPerTopic = 20;
/** A broker that does not answer a good request within this time after a burst has failed. */
const answerMsMax = 20_000;
/** What the hostile clients write to; nobody may hurt the other one. */
const hostileTopic = "hostile";

/**
 * Hostile clients against a broker's process: bursts of connections that send mangled requests,
 * lies and noise, half close, reset, or never read. After each burst a well-behaved client creates,
 * writes and reads.
 */
export class SocketFuzz {
  readonly #broker: Broker;
  readonly #bytes: HostileBytes;
  readonly #port: number;
  readonly #counts = {
    bursts: 0,
    connections: 0,
    frames: 0,
    sentBytes: 0,
    receivedBytes: 0,
    closed: 0,
  };
  /** Connections of the burst before. */
  #lingering: HostileConnection[] = [];

  private constructor(broker: Broker, seed: number) {
    this.#broker = broker;
    this.#bytes = new HostileBytes(seed, hostileTopic);
    this.#port = Number(broker.bootstrap.split(":")[1]);
  }

  /** Runs bursts against a broker of its own. @throws Error when the broker fails. */
  static async run(extent: FuzzExtent): Promise<SocketFuzzReport> {
    await using broker = await startMillrace();
    const fuzz = new SocketFuzz(broker, extent.seed);
    const began = performance.now();
    await fuzz.#createTopic(hostileTopic, { "compression.type": "zstd" });
    while (fuzz.#counts.frames < extent.framesMax) {
      if (performance.now() - began > extent.timeMsMax) break;
      const connections = await fuzz.#burst();
      await fuzz.#expectService();
      fuzz.#leave(connections);
    }
    return { ...fuzz.#counts, residentBytes: residentBytes(broker.pid) };
  }

  /** Sends what hostile clients send; some of them are gone at once. */
  async #burst(): Promise<readonly HostileConnection[]> {
    const { random } = this.#bytes;
    this.#counts.bursts += 1;
    const connections = await Promise.all(
      Array.from({ length: connectionsPerBurst }, () => HostileConnection.open(this.#port)),
    );
    this.#counts.connections += connections.length;
    for (const connection of connections) {
      for (let left = 1 + random.below(framesPerConnectionMax); left > 0; left -= 1) {
        const bytes = this.#bytes.next();
        connection.send(bytes);
        this.#counts.frames += 1;
        this.#counts.sentBytes += bytes.length;
      }
      const manner = random.pick(["stay", "stay", "stay", "half", "deaf", "reset"] as const);
      if (manner !== "stay") connection.leave(manner);
    }
    return connections;
  }

  /** Counts what became of the connections; half of those that are left stay for a burst more. */
  #leave(connections: readonly HostileConnection[]): void {
    const { random } = this.#bytes;
    for (const connection of this.#lingering) connection.leave("reset");
    this.#lingering = [];
    for (const connection of connections) {
      this.#counts.receivedBytes += connection.receivedBytes;
      if (connection.isClosed) this.#counts.closed += 1;
      else if (random.below(2) === 0) this.#lingering.push(connection);
      else connection.leave("close");
    }
  }

  /** A well-behaved client is served. @throws Error naming the burst. */
  async #expectService(): Promise<void> {
    const { bursts } = this.#counts;
    const topic = `good-${Math.ceil(bursts / burstsPerTopic)}`;
    try {
      const versions = await this.#ask(ApiVersions, 0, {});
      expect(versions.errorCode === 0, "ApiVersions", versions.errorCode);
      if (bursts % burstsPerTopic === 1) await this.#createTopic(topic);
      const value = Buffer.from("still there");
      const records = buildRecordBatch([{ key: null, value, timestamp: Date.now() }]);
      const produced = await this.#ask(Produce, 9, {
        acks: -1,
        timeoutMs: answerMsMax,
        topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
      });
      const producedCode = produced.responses[0]?.partitionResponses[0]?.errorCode ?? -1;
      expect(producedCode === 0, "Produce", producedCode);
    } catch (cause) {
      throw new Error(`after burst ${bursts}: ${String(cause)}`, { cause });
    }
  }

  async #createTopic(name: string, configs: Readonly<Record<string, string>> = {}): Promise<void> {
    const created = await this.#ask(CreateTopics, 7, {
      timeoutMs: answerMsMax,
      topics: [
        {
          name,
          numPartitions: 2,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
    });
    const errorCode = created.topics[0]?.errorCode ?? -1;
    expect(errorCode === 0, "CreateTopics", errorCode);
  }

  async #ask<Api extends ApiSchema>(
    api: Api,
    version: number,
    body: RequestInput<Api>,
  ): Promise<ResponseOf<Api>> {
    const socket = connect({ host: "127.0.0.1", port: this.#port });
    try {
      socket.setTimeout(answerMsMax, () => {
        socket.destroy(new Error(`${api.name} was not answered; process ${this.#broker.pid}`));
      });
      await once(socket, "connect");
      const options = { correlationId: 7, clientId: "good", body };
      for (const chunk of encodeRequest(api, version, options)) socket.write(chunk);
      let received = Buffer.alloc(0);
      for await (const bytes of socket as AsyncIterable<Buffer>) {
        received = Buffer.concat([received, bytes]);
        if (received.length < 4) continue;
        const end = 4 + received.readInt32BE(0);
        if (received.length >= end)
          return decodeResponse(api, version, received.subarray(4, end)).body;
      }
      throw new Error(`${api.name} was answered by the end of the connection`);
    } finally {
      socket.destroy();
    }
  }
}

/** A report in one line. */
export function describeSocketFuzz(report: SocketFuzzReport): string {
  const { bursts, connections, frames, sentBytes, receivedBytes, closed } = report;
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  const resident =
    report.residentBytes === undefined ? "" : `; ${mib(report.residentBytes)} MiB resident`;
  return (
    `${frames} frames (${mib(sentBytes)} MiB) over ${connections} connections in ${bursts} bursts, ` +
    `${closed} closed at once, ${mib(receivedBytes)} MiB answered; ` +
    `a good client was served after each${resident}`
  );
}

function expect(isGood: boolean, what: string, errorCode: number): void {
  if (!isGood) throw new Error(`${what} was answered ${errorName(errorCode)}`);
}
