import assert from "node:assert/strict";

import { type CrashKind, type SimPlatform, simPlatform } from "@millrace/platform/sim";
import {
  type ApiSchema,
  buildRecordBatch,
  CreateTopics,
  decodeResponse,
  encodeRequest,
  errorName,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";

import type { Broker } from "../../src/broker.ts";
import { loadBrokerConfig, type SecurityProtocol } from "../../src/config/index.ts";
import { composeBroker } from "../../src/lifecycle/compose.ts";
import { ApiTable } from "../../src/api/api-table.ts";
import { brokerHandlers } from "../../src/api/table.ts";
import { anonymous, userPrincipal } from "../../src/security/principal.ts";
import { RequestDispatcher } from "../../src/server/request-dispatcher.ts";
import { RequestMetrics } from "../../src/server/request-metrics.ts";
import type { Answer } from "../../src/server/answer.ts";

/** What differs between the brokers of tests. */
export interface FixtureOptions {
  readonly seed?: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** A broker on a simulated machine: a typed request in, a typed answer out, no socket between. */
export class BrokerFixture implements AsyncDisposable {
  readonly platform: SimPlatform;
  #config: Readonly<Record<string, string>>;
  broker: Broker;
  #dispatcher: RequestDispatcher;

  private constructor(platform: SimPlatform, options: FixtureOptions, broker: Broker) {
    this.platform = platform;
    this.#config = options.config ?? {};
    this.broker = broker;
    this.#dispatcher = dispatcherOf(platform, broker);
  }

  /** Starts a broker on an empty disk. */
  static async start(options: FixtureOptions = {}): Promise<BrokerFixture> {
    const platform = simPlatform({ seed: options.seed ?? 1, logLevel: "debug" });
    const broker = await startOn(platform, options.config ?? {});
    return new BrokerFixture(platform, options, broker);
  }

  /** Waits, as simulated time, until a promise is settled. */
  settled<T>(promise: Promise<T>): Promise<T> {
    return settledOn(this.platform, promise);
  }

  /** Requests from now on are this user's, as over a connection made with a token or without. */
  actAs(user: string, isTokenAuthenticated = false): void {
    this.#dispatcher.identify({ ...userPrincipal(user), isTokenAuthenticated });
  }

  /** Requests from now on come as over a listener of this protocol. */
  comeBy(securityProtocol: SecurityProtocol): void {
    this.#dispatcher = dispatcherOf(this.platform, this.broker, securityProtocol);
  }

  /** Sends a request and waits for its answer. */
  async request<Api extends ApiSchema>(
    api: Api,
    apiVersion: number,
    body: RequestInput<Api>,
  ): Promise<ResponseOf<Api>> {
    const answer = await this.settled(this.send(api, apiVersion, body));
    assert.ok(answer.kind === "send", `${api.name} was answered ${answer.kind}`);
    const frame = Buffer.concat(answer.chunks);
    answer.onSent?.();
    assert.equal(frame.readInt32BE(0), frame.length - 4);
    return decodeResponse(api, apiVersion, frame.subarray(4)).body;
  }

  /** Sends a request and gives what becomes of it, without moving time. */
  async send<Api extends ApiSchema>(
    api: Api,
    apiVersion: number,
    body: RequestInput<Api>,
  ): Promise<Answer> {
    const frame = Buffer.concat(
      encodeRequest(api, apiVersion, { correlationId: 7, clientId: "test", body }),
    );
    return this.#dispatcher.dispatch(frame.subarray(4), () => {});
  }

  /** As `send`, of a frame without its size prefix. */
  async sendFrame(frame: Buffer): Promise<Answer> {
    return this.#dispatcher.dispatch(frame, () => {});
  }

  /** The connection is gone; requests from now on come over a new one. */
  disconnect(): void {
    this.#dispatcher.closed();
    this.#dispatcher = dispatcherOf(this.platform, this.broker);
  }

  /**
   * Stops the broker in an orderly way and starts it again on the same disk, which `whileStopped`
   * may change, with another configuration if one is given.
   */
  async restart(
    options: {
      readonly whileStopped?: () => void;
      readonly config?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<void> {
    await this.settled(this.broker.close());
    options.whileStopped?.();
    this.#config = options.config ?? this.#config;
    await this.#startAgain();
  }

  /** Ends the process at once, or the whole machine, and starts it again on what the disk kept. */
  async crash(kind: CrashKind): Promise<void> {
    this.platform.restart(kind);
    await this.#startAgain();
  }

  async #startAgain(): Promise<void> {
    this.broker = await startOn(this.platform, this.#config);
    this.#dispatcher = dispatcherOf(this.platform, this.broker);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled(this.broker.close());
  }
}

async function startOn(
  platform: SimPlatform,
  config: Readonly<Record<string, string>>,
): Promise<Broker> {
  const loaded = loadBrokerConfig({
    overrides: {
      listeners: "PLAINTEXT://localhost:9092",
      "log.dirs": "/data",
      "millrace.http.port": "-1",
      ...config,
    },
  });
  const composing = composeBroker({
    platform,
    loaded,
    machineName: "localhost",
    onFatal: () => {},
  });
  const broker = await settledOn(platform, composing);
  await settledOn(platform, broker.start());
  return broker;
}

function dispatcherOf(
  platform: SimPlatform,
  broker: Broker,
  securityProtocol: SecurityProtocol = "PLAINTEXT",
): RequestDispatcher {
  const table = new ApiTable(brokerHandlers);
  return new RequestDispatcher({
    table,
    services: broker.services,
    client: {
      listenerName: "PLAINTEXT",
      securityProtocol,
      principal: anonymous,
      remoteHost: "client",
      remotePort: 1,
    },
    metrics: new RequestMetrics(platform.metrics, table),
    clock: platform.clock,
    logger: platform.logger,
  });
}

/** Simulated time that any single wait of a test may take. */
const waitMsMax = 600_000;

async function settledOn<T>(platform: SimPlatform, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const note = (): void => {
    isDone = true;
  };
  promise.then(note, note);
  const isSettled = await platform.clock.runUntil(() => isDone, waitMsMax);
  assert.ok(isSettled, "it never settles");
  return promise;
}

/** Creates a topic and asserts that it worked. */
export async function createTopic(
  fixture: BrokerFixture,
  name: string,
  configs: Readonly<Record<string, string>> = {},
  numPartitions = 1,
): Promise<void> {
  const answer = await fixture.request(CreateTopics, 7, {
    topics: [
      {
        name,
        numPartitions,
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
  assert.equal(errorName(answer.topics[0]?.errorCode ?? -1), "NONE");
}

/** A record batch as a producer without an id makes it. */
export function batchOf(...values: readonly string[]): Buffer {
  return buildRecordBatch(
    values.map((value) => ({
      key: null,
      value: Buffer.from(value),
      timestamp: 1_767_225_600_000,
    })),
  );
}
