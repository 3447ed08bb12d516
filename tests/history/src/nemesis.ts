import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Broker } from "@millrace/conformance/harness";
import { calm, type FaultProxy } from "./proxy/fault-proxy.ts";

/** What may happen to a broker and to the wires before it. */
const faultNames = ["kill", "stop", "pause", "storm", "cut", "freeze"] as const;

/** One of them. */
export type FaultName = (typeof faultNames)[number];

/** Does harm to a broker, one thing after another, as chance says, and heals it in the end. */
export class Nemesis {
  /** How often each was done. */
  readonly counts: Record<FaultName, number> = {
    kill: 0,
    stop: 0,
    pause: 0,
    storm: 0,
    cut: 0,
    freeze: 0,
  };
  readonly #broker: Broker;
  readonly #proxy: FaultProxy;
  readonly #random: () => number;

  constructor(broker: Broker, proxy: FaultProxy, random: () => number) {
    this.#broker = broker;
    this.#proxy = proxy;
    this.#random = random;
  }

  /** Goes on for a time; afterwards everything is well again. */
  async rage(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs) {
      await sleep(this.#between(100, 900));
      const name = faultNames[Math.floor(this.#random() * faultNames.length)] ?? "kill";
      this.counts[name] += 1;
      await this.#do(name);
    }
    this.#proxy.weather = calm;
    this.#proxy.thaw();
  }

  #between(low: number, high: number): number {
    return low + this.#random() * (high - low);
  }

  async #do(name: FaultName): Promise<void> {
    switch (name) {
      case "kill":
        await this.#broker.kill();
        return this.#broker.start();
      case "stop":
        await this.#broker.stop();
        return this.#broker.start();
      case "pause":
        process.kill(this.#broker.pid, "SIGSTOP");
        await sleep(this.#between(200, 2500));
        process.kill(this.#broker.pid, "SIGCONT");
        return;
      case "storm":
        this.#proxy.weather = {
          delayChance: 0.3,
          delayMsMax: this.#between(50, 2500),
          strandChance: this.#between(0, 0.05),
        };
        await sleep(this.#between(400, 2000));
        // Some storms stay while other things happen.
        if (this.#random() < 0.6) this.#proxy.weather = calm;
        return;
      case "cut":
        this.#proxy.cut(this.#between(0.2, 1));
        return;
      case "freeze":
        this.#proxy.freeze(this.#random() < 0.5 ? "requests" : "answers", this.#between(0.2, 1));
        await sleep(this.#between(200, 2500));
        this.#proxy.thaw();
        return;
    }
  }
}
