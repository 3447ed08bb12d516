import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import { brokerEpochFault } from "./register-broker.ts";
import type { AllocateProducerIdsInput, ProducerIdBlock } from "./requests.ts";

/** Ids in a block: Kafka's number, so that a broker asks once in a thousand new producers. */
const BLOCK_SIZE = 1_000;

/** Decides AllocateProducerIds. */
export function decideAllocateProducerIds(
  context: DecisionContext,
  input: AllocateProducerIdsInput,
): Decision<ProducerIdBlock> {
  const fault = brokerEpochFault(context, input);
  if (fault !== undefined) return { records: [], answer: fault };
  const producerIdStart = context.image.nextProducerId;
  const { brokerId, brokerEpoch } = input;
  const nextProducerId = producerIdStart + BigInt(BLOCK_SIZE);
  const data = { brokerId, brokerEpoch, nextProducerId };
  return decided([{ type: "ProducerIdsRecord", version: 0, data }], {
    producerIdStart,
    producerIdLen: BLOCK_SIZE,
  });
}
