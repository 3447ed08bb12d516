import type { MachineTypes } from "../runtime/index.ts";
import type { Transaction } from "./transaction.ts";
import type { TransactionRecord } from "./transaction-records.ts";
import type {
  AddPartitionsInput,
  AddPartitionsReply,
  DescribeTransactionInput,
  DescribeTransactionReply,
  EndTransactionInput,
  EndTransactionReply,
  InitProducerIdInput,
  InitProducerIdReply,
  ListTransactionsInput,
  ListTransactionsReply,
  MarkersWrittenInput,
  TransactionTimerInput,
  VerifyPartitionsInput,
  VerifyPartitionsReply,
  WriteMarkersEffect,
} from "./transaction-requests.ts";

/** What one shard of the transaction coordinator knows: transactional ids and where they stand. */
export type TransactionState = Map<string, Transaction>;

/** The types of the transaction coordinator. */
export interface TransactionTypes extends MachineTypes {
  readonly state: TransactionState;
  readonly input: TransactionInput;
  readonly record: TransactionRecord;
  readonly change: never;
  readonly reply: TransactionReply;
  readonly effect: WriteMarkersEffect;
}

/** The requests that a shard answers. */
export type TransactionRequest =
  | InitProducerIdInput
  | AddPartitionsInput
  | VerifyPartitionsInput
  | EndTransactionInput
  | DescribeTransactionInput
  | ListTransactionsInput
  | MarkersWrittenInput;

/** All that can happen to a shard. */
export type TransactionInput = TransactionRequest | TransactionTimerInput;

/** The answers of a shard; each has the kind of its request. */
export type TransactionReply =
  | InitProducerIdReply
  | AddPartitionsReply
  | VerifyPartitionsReply
  | EndTransactionReply
  | DescribeTransactionReply
  | ListTransactionsReply
  | { readonly kind: "markers-written" };

/** The answer to a request of one kind. */
export type TransactionReplyTo<Kind extends TransactionRequest["kind"]> = Extract<
  TransactionReply,
  { readonly kind: Kind }
>;
