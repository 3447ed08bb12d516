import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import type { Broker } from "@millrace/conformance/harness";
import { calm, type FaultProxy } from "@millrace/history/faults";

/** What may happen to a broker and to the wires before it. */
const faultNames = ["kill", "stop", "pause", "slow", "cut", "freeze", "half-open", "deaf"] as const;

/** Slow wires hold a frame for so long at most. */
const slowMsMax = 800;

/** One of them. */
export type FaultName = (typeof faultNames)[number];

/** Does harm, one thing after another, as chance says, and heals it in the end. */
export class Nemesis {
  /** How often each was done. */
  readonly counts: Record<FaultName, number> = {
    kill: 0,
    stop: 0,
    pause: 0,
    slow: 0,
    cut: 0,
    freeze: 0,
    "half-open": 0,
    deaf: 0,
  };
  readonly #broker: Broker;
  readonly #proxy: FaultProxy;
  readonly #random: () => number;

  constructor(broker: Broker, proxy: FaultProxy, random: () => number) {
    this.#broker = broker;
    this.#proxy = proxy;
    this.#random = random;
  }

  /**
   * Goes on for a time, each fault after a pause of `calmMsMax` at most; afterwards everything is
   * well again, but for half-open connections: nobody tells their clients.
   */
  async rage(ms: number, calmMsMax: number): Promise<void> {
    const endMs = performance.now() + ms;
    let bag: FaultName[] = [];
    while (performance.now() < endMs) {
      await sleep(this.#between(calmMsMax / 10, calmMsMax));
      // Each kind comes once before one comes again: short runs see them all.
      if (bag.length === 0) bag = [...faultNames];
      const [name = "kill"] = bag.splice(Math.floor(this.#random() * bag.length), 1);
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
        // A broker that stops properly remembers one batch of each producer, as Apache Kafka does:
        // several whose answers are lost are stored again after it (README.md).
        this.#proxy.weather = calm;
        await sleep(slowMsMax + 100);
        await this.#broker.stop();
        return this.#broker.start();
      case "pause":
        process.kill(this.#broker.pid, "SIGSTOP");
        await sleep(this.#between(200, 2_500));
        process.kill(this.#broker.pid, "SIGCONT");
        return;
      case "slow":
        // Nothing is stranded: a commit that comes after the next one would turn it back.
        this.#proxy.weather = { delayChance: 0.4, delayMsMax: slowMsMax, strandChance: 0 };
        await sleep(this.#between(500, 2_000));
        if (this.#random() < 0.6) this.#proxy.weather = calm;
        return;
      case "cut":
        this.#proxy.cut(this.#between(0.2, 1));
        return;
      case "freeze":
        this.#proxy.freeze(this.#random() < 0.5 ? "requests" : "answers", this.#between(0.2, 1));
        await sleep(this.#between(200, 2_500));
        this.#proxy.thaw();
        return;
      case "half-open":
        this.#proxy.halfOpen(this.#between(0.2, 0.8));
        return;
      case "deaf":
        this.#proxy.isDeaf = true;
        this.#proxy.cut(this.#between(0.2, 0.6));
        await sleep(this.#between(200, 1_500));
        this.#proxy.isDeaf = false;
        return;
    }
  }
}
