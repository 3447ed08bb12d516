import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import type { BrokerKind } from "@millrace/conformance/harness";

import { type BrokerDescription, sharedBrokersVariable } from "./broker-description.ts";
import { type ClientBroker, clientBroker } from "./client-broker.ts";
import { type StartedBroker, startClientBroker } from "./start-broker.ts";

/**
 * Where `main.ts kafka` says that it keeps an Apache Kafka running for whoever works on this
 * machine. Millrace is not kept so: it would be yesterday's sources.
 */
export const keptKafkaPath = join(tmpdir(), "millrace-client-kafka.json");

/** What the file at `keptKafkaPath` has. */
export interface KeptKafka {
  /** Of the process that keeps it. */
  readonly pid: number;
  readonly broker: BrokerDescription;
}

/** The brokers that tests of this process share: given, kept, or started at their first use. */
export class SharedBrokers {
  readonly #started: Promise<StartedBroker>[] = [];
  readonly #brokers = new Map<BrokerKind, Promise<ClientBroker>>();

  broker(kind: BrokerKind): Promise<ClientBroker> {
    const broker = this.#brokers.get(kind) ?? this.#find(kind);
    this.#brokers.set(kind, broker);
    return broker;
  }

  /** Ends those that were started here. */
  async close(): Promise<void> {
    for (const started of await Promise.allSettled(this.#started)) {
      if (started.status === "fulfilled") await started.value[Symbol.asyncDispose]();
    }
  }

  async #find(kind: BrokerKind): Promise<ClientBroker> {
    const running = given(kind) ?? kept(kind);
    if (running !== undefined) return clientBroker(running);
    const starting = startClientBroker(kind);
    this.#started.push(starting);
    return clientBroker((await starting).description);
  }
}

function given(kind: BrokerKind): BrokerDescription | undefined {
  const text = process.env[sharedBrokersVariable];
  if (text === undefined || text === "") return undefined;
  const descriptions = JSON.parse(text) as readonly BrokerDescription[];
  return descriptions.find((one) => one.kind === kind);
}

function kept(kind: BrokerKind): BrokerDescription | undefined {
  if (kind !== "kafka") return undefined;
  try {
    const { pid, broker } = JSON.parse(readFileSync(keptKafkaPath, "utf8")) as KeptKafka;
    process.kill(pid, 0);
    return broker;
  } catch {
    // No file, or its process is gone: nobody keeps one.
    return undefined;
  }
}
