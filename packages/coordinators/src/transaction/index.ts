export {
  type PartitionsByTopic,
  transactionStateNames,
  transactionStatuses,
} from "./transaction.ts";
export type { TransactionConfig } from "./transaction-config.ts";
export { transactionMachine } from "./transaction-machine.ts";
export type {
  EndTransactionReply,
  InitProducerIdReply,
  WriteMarkersEffect,
} from "./transaction-requests.ts";
export type {
  TransactionReply,
  TransactionReplyTo,
  TransactionRequest,
  TransactionState,
  TransactionTypes,
} from "./transaction-types.ts";
