import type { Platform } from "@millrace/platform";
import { nodePlatform } from "@millrace/platform/node";
import { Admin } from "./admin/admin.ts";
import type { CloseOptions, Cluster } from "./cluster.ts";
import { Consumer } from "./consumer/consumer.ts";
import type { ConsumerOptions } from "./consumer/consumer-options.ts";
import { openGroup } from "./group/open-group.ts";
import type { BrokerNode } from "./metadata/metadata-cache.ts";
import { openCluster } from "./network/kafka-cluster.ts";
import type { ClientOptions } from "./options/client-options.ts";
import { type ClientProperties, readClientProperties } from "./options/client-properties.ts";
import { resolveOptions } from "./options/resolve-options.ts";
import { Producer } from "./producer/producer.ts";
import type { ProducerOptions } from "./producer/producer-options.ts";
import { ShareConsumer } from "./share/share-consumer.ts";
import type { ShareConsumerOptions } from "./share/share-options.ts";

/**
 * A way to a Kafka cluster: makes producers, consumers and admins that share connections and
 * metadata. Nothing is connected before it is needed.
 */
export class Client implements AsyncDisposable {
  /** What all that this client makes asks the cluster through. */
  readonly #cluster: Cluster;

  /**
   * @param platform another world than Node's: a simulated one in tests
   * @throws KafkaError INVALID_OPTION
   */
  constructor(options: ClientOptions, platform: Platform = platformFor(options)) {
    this.#cluster = openCluster(platform, resolveOptions(options));
  }

  /**
   * Makes a client from Java's `client.properties`: its text, or keys and values. What is meant for
   * a producer or consumer is left out; `readClientProperties` gives it.
   * @throws KafkaError INVALID_OPTION naming the key
   */
  static fromProperties(properties: ClientProperties): Client {
    return new Client(readClientProperties(properties).options);
  }

  /**
   * Connects to a broker now and gives what it says of the cluster: for a check at start, or of
   * credentials.
   * @throws KafkaError BOOTSTRAP_UNREACHABLE, TLS_HANDSHAKE_FAILED, SASL_AUTHENTICATION_FAILED …
   */
  async connect(options: ConnectOptions = {}): Promise<ClusterSummary> {
    const { metadata } = this.#cluster;
    await metadata.load([], { ...options, acceptCached: false });
    return {
      clusterId: metadata.clusterId,
      controllerId: metadata.controllerId,
      brokers: metadata.brokers(),
    };
  }

  /** Every metric of this client and what it made, in Prometheus' text format. */
  metricsText(): string {
    return this.#cluster.metrics.exposition();
  }

  // One factory method per kind follows, each only a call of the constructor of its kind with
  // `this.#cluster`; platform-dependent parts are handed over from here.

  /**
   * Makes a producer; it connects when it has something to send. @throws KafkaError INVALID_OPTION
   */
  producer<K = Uint8Array | null, V = Uint8Array | null>(
    options: ProducerOptions<K, V> = {},
  ): Producer<K, V> {
    return new Producer(this.#cluster, options);
  }

  /**
   * Makes a consumer; it connects when it has something to read. @throws KafkaError INVALID_OPTION
   */
  consumer<K = Buffer | null, V = Buffer | null>(
    options: ConsumerOptions<K, V> = {},
  ): Consumer<K, V> {
    const cluster = this.#cluster;
    const makeDeadLetterSender = (): Producer => this.producer();
    return new Consumer({ cluster, openGroup, makeDeadLetterSender }, options);
  }

  /**
   * Makes a share consumer; it joins its group with `subscribe`. @throws KafkaError INVALID_OPTION
   */
  shareConsumer<K = Buffer | null, V = Buffer | null>(
    options: ShareConsumerOptions<K, V>,
  ): ShareConsumer<K, V> {
    return new ShareConsumer(this.#cluster, options);
  }

  /** Makes an admin, which looks at the cluster and changes it. */
  admin(): Admin {
    return new Admin(this.#cluster);
  }

  /**
   * Closes everything that this client made, each as its own `close` does (consumers commit and
   * leave their groups, then producers send what is left and abort open transactions), and its
   * connections. It never throws: what was lost is told where it was given.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#cluster.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** How long `connect` tries. */
export interface ConnectOptions {
  /** `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a broker says of its cluster. */
export interface ClusterSummary {
  readonly clusterId: string | undefined;
  /** A broker that answers for the controller; -1 when there is none. */
  readonly controllerId: number;
  readonly brokers: readonly BrokerNode[];
}

/** Gives Node's world to a client, with the logger that its options name. */
export function platformFor(options: Pick<ClientOptions, "logger" | "logLevel">): Platform {
  const standardErrorDescriptor = 2;
  const platform = nodePlatform({
    logLevel: options.logLevel ?? "warn",
    logDescriptor: standardErrorDescriptor,
    hasProcessMetrics: false,
  });
  return options.logger === undefined ? platform : { ...platform, logger: options.logger };
}
