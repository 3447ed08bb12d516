import { EventHash } from "./event-hash.ts";
import { EventHeap } from "./event-heap.ts";
import { SimPlatform, type SimPlatformOptions, type SimWorld } from "./platform.ts";
import { SimRandom } from "./random.ts";
import { SimWires } from "./wires.ts";

/**
 * A world that a seed repeats: one heap of events, one source of chance, wires between machines.
 * Nothing in it happens unless `heap` (or a machine's clock, which is the same) is advanced.
 */
export class Simulation implements SimWorld {
  readonly seed: number;
  readonly heap = new EventHeap();
  readonly events = new EventHash();
  readonly random: SimRandom;
  readonly wires: SimWires;

  constructor(seed: number) {
    this.seed = seed;
    this.random = new SimRandom(seed);
    this.wires = new SimWires({
      heap: this.heap,
      random: this.random.fork(),
      events: this.events,
    });
  }

  /** Adds a machine. */
  platform(options: SimPlatformOptions = {}): SimPlatform {
    return new SimPlatform(this, options);
  }
}

/** Gives a single machine in a world of its own. */
export function simPlatform(options: SimPlatformOptions & { readonly seed: number }): SimPlatform {
  return new Simulation(options.seed).platform(options);
}
