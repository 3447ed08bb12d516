import type { BrokerConfig } from "./broker-config.ts";
import { findBrokerKey } from "./broker-keys.ts";
import type { GivenConfig, GivenConfigs } from "./given-configs.ts";
import type { LoadedBrokerConfig } from "./load-broker-config.ts";
import { resolveBrokerConfig } from "./resolve-broker-config.ts";

/** The configurations that the metadata holds for this broker and for all of them. */
export interface DynamicLayers {
  /** Of the resource named with this broker's id: the strongest. */
  readonly broker: ReadonlyMap<string, string>;
  /** Of the resource with the empty name: every broker's, stronger than the file. */
  readonly everyBroker: ReadonlyMap<string, string>;
}

/** Looks at a configuration beyond its words, such as the files it names; says what is wrong. */
export type BrokerConfigCheck = (config: BrokerConfig) => string | undefined;

/** Called after a change, with the snapshot in force and the one before. */
export type BrokerConfigListener = (current: BrokerConfig, previous: BrokerConfig) => void;

/**
 * A broker's configuration while it runs (KIP-226): the file's, with what the metadata holds laid
 * over it. Give it the metadata's configurations at start and whenever they change; read `current`
 * where a value is needed, or listen.
 */
export class DynamicBrokerConfig {
  readonly staticConfigs: GivenConfigs;
  readonly #clusterId: string | undefined;
  readonly #listeners = new Set<BrokerConfigListener>();
  readonly #checks = new Set<BrokerConfigCheck>();
  #layers: DynamicLayers = { broker: new Map(), everyBroker: new Map() };
  #current: BrokerConfig;

  constructor(loaded: LoadedBrokerConfig) {
    this.staticConfigs = loaded.staticConfigs;
    this.#clusterId = loaded.config.clusterId;
    this.#current = loaded.config;
  }

  /** The snapshot in force. */
  get current(): BrokerConfig {
    return this.#current;
  }

  /** What the metadata holds. */
  get layers(): DynamicLayers {
    return this.#layers;
  }

  /** Calls `listener` after every change until the function that is returned is called. */
  onChange(listener: BrokerConfigListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets `check` refuse changes before they are made. */
  addCheck(check: BrokerConfigCheck): void {
    this.#checks.add(check);
  }

  /**
   * Takes what the metadata holds now. A configuration that cannot be used, as another version may
   * have left it there, does not count.
   * @returns the names that do not count, with the reason, to be logged.
   */
  update(layers: DynamicLayers): ReadonlyMap<string, string> {
    const ignored = new Map<string, string>();
    const usable = this.#isUsable(layers)
      ? layers
      : {
          broker: this.#usable(layers.broker, ignored),
          everyBroker: this.#usable(layers.everyBroker, ignored),
        };
    const resolved = this.#resolve(usable);
    this.#layers = layers;
    if (resolved.problems.length > 0) {
      for (const problem of resolved.problems) ignored.set(problem.key, problem.message);
      return ignored;
    }
    const previous = this.#current;
    this.#current = resolved.config;
    for (const listener of this.#listeners) listener(this.#current, previous);
    return ignored;
  }

  /**
   * What would be wrong if a resource's configurations were these; `undefined` when nothing.
   * It looks at the outcome only, not at whether each may be changed at run time.
   */
  problemWith(layers: Partial<DynamicLayers>): string | undefined {
    const { problems, config } = this.#resolve({ ...this.#layers, ...layers });
    if (problems[0] !== undefined) return problems[0].message;
    for (const check of this.#checks) {
      const problem = check(config);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** Some values are right only together, such as a key and its certificate. */
  #isUsable(layers: DynamicLayers): boolean {
    const names = [...layers.broker.keys(), ...layers.everyBroker.keys()];
    return names.every(changesAtRunTime) && this.#resolve(layers).problems.length === 0;
  }

  #resolve(layers: DynamicLayers) {
    const given = new Map<string, GivenConfig>(this.staticConfigs);
    for (const layer of [layers.everyBroker, layers.broker]) {
      for (const [name, value] of layer) given.set(name, { value, origin: undefined });
    }
    return resolveBrokerConfig(given, this.#clusterId);
  }

  /** Leaves out what would spoil the rest: values that a broker cannot parse. */
  #usable(
    layer: ReadonlyMap<string, string>,
    ignored: Map<string, string>,
  ): ReadonlyMap<string, string> {
    const usable = new Map<string, string>();
    for (const [name, value] of layer) {
      const alone = { broker: new Map([[name, value]]), everyBroker: new Map<string, string>() };
      const problem = changesAtRunTime(name)
        ? this.#resolve(alone).problems[0]?.message
        : `${name} cannot be changed while the broker runs`;
      if (problem === undefined) usable.set(name, value);
      else ignored.set(name, problem);
    }
    return usable;
  }
}

/** What Kafka changes at run time and Millrace only at start. */
const onlyAtStart: ReadonlySet<string> = new Set(["listeners", "listener.security.protocol.map"]);

/** Whether the metadata may have a say in a configuration; it may in those of single listeners. */
export function changesAtRunTime(name: string): boolean {
  const configKey = findBrokerKey(name);
  if (configKey === undefined) return true;
  return configKey.updateMode !== "read-only" && !onlyAtStart.has(name);
}
