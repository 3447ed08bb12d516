export type { CoordinatorAppend, CoordinatorLog } from "./coordinator-log.ts";
export type {
  EncodedRecord,
  Machine,
  RecordOrigin,
  ShardError,
  StepContext,
  TransactionEnd,
} from "./machine.ts";
export type { MachineTypes } from "./machine-types.ts";
export type { BatchProducer, Outcome, Reply, ReplyTo, TimerChange } from "./outcome.ts";
export { decodeKey, decodeValue, encodeKey, encodeValue, recordType } from "./record-codec.ts";
export { Shard, type ShardOptions } from "./shard.ts";
