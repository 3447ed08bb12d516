import type { Controller, ProducerIdBlock } from "@millrace/metadata";

/** Either a producer id or Kafka's name of why there is none now. */
export type ProducerIdOutcome =
  | { readonly kind: "allocated"; readonly producerId: bigint }
  | { readonly kind: "refused"; readonly error: "COORDINATOR_LOAD_IN_PROGRESS" };

/** Gives out producer ids from blocks that the controller hands to this broker. */
export class ProducerIds {
  readonly #controller: Controller;
  readonly #identity: () => { readonly brokerId: number; readonly brokerEpoch: number };
  #next = 0n;
  #end = 0n;
  #fetching: Promise<boolean> | undefined;

  constructor(options: {
    readonly controller: Controller;
    readonly identity: () => { readonly brokerId: number; readonly brokerEpoch: number };
  }) {
    this.#controller = options.controller;
    this.#identity = options.identity;
  }

  /** A producer id that nobody else has or will have. */
  async allocate(): Promise<ProducerIdOutcome> {
    while (this.#next >= this.#end) {
      // One block for all who wait; whoever comes after it is used up asks for another.
      this.#fetching ??= this.#fetchBlock();
      const hasBlock = await this.#fetching;
      if (!hasBlock) return { kind: "refused", error: "COORDINATOR_LOAD_IN_PROGRESS" };
    }
    const producerId = this.#next;
    this.#next += 1n;
    return { kind: "allocated", producerId };
  }

  async #fetchBlock(): Promise<boolean> {
    const outcome = await this.#controller.allocateProducerIds(this.#identity());
    this.#fetching = undefined;
    if (outcome.kind === "refused") return false;
    this.#use(outcome.value);
    return true;
  }

  #use(block: ProducerIdBlock): void {
    this.#next = block.producerIdStart;
    this.#end = block.producerIdStart + BigInt(block.producerIdLen);
  }
}
