import type { Machine, Outcome, StepContext } from "../../src/runtime/index.ts";

/**
 * A coordinator of named counters: as small as a machine can be that does everything one may do.
 */
export interface CountingTypes {
  readonly state: CountingState;
  readonly input: CountingInput;
  readonly record: { readonly name: string; readonly value: number };
  readonly change: { readonly name: string; readonly waiter: number | undefined };
  readonly reply: CountingReply;
  readonly effect: { readonly name: string };
}

export interface CountingState {
  readonly counters: Map<string, number>;
  readonly waiters: Map<string, number>;
  readonly committedTransactions: bigint[];
}

export type CountingInput =
  | {
      readonly kind: "add";
      readonly name: string;
      readonly amount: number;
      readonly producerId?: bigint;
    }
  /** Sets counters to 1, in one batch or in several. */
  | {
      readonly kind: "fill";
      readonly name: string;
      readonly count: number;
      readonly split: boolean;
    }
  | { readonly kind: "read"; readonly name: string }
  /** Answered by the next `add` to the same name, or by its time-out. */
  | { readonly kind: "wait"; readonly name: string; readonly timeoutMs: number }
  | { readonly kind: "gave-up"; readonly name: string }
  /** Adds 1 when the time has come. */
  | { readonly kind: "tick"; readonly name: string; readonly delayMs: number }
  | { readonly kind: "ticked"; readonly name: string };

export type CountingReply =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "timed-out" }
  | { readonly kind: "refused"; readonly error: string };

export const countingMachine: Machine<CountingTypes> = {
  empty: () => ({ counters: new Map(), waiters: new Map(), committedTransactions: [] }),
  step,
  apply(state, record) {
    state.counters.set(record.name, record.value);
  },
  change(state, { name, waiter }) {
    if (waiter === undefined) state.waiters.delete(name);
    else state.waiters.set(name, waiter);
  },
  endTransaction(state, { producerId, isCommit }) {
    if (isCommit) state.committedTransactions.push(producerId);
  },
  refuse: (input, error) =>
    input.kind === "gave-up" || input.kind === "ticked" ? undefined : { kind: "refused", error },
  encode: ({ name, value }) => ({ key: Buffer.from(name), value: Buffer.from(String(value)) }),
  decode({ key, value }) {
    const name = Buffer.from(key).toString();
    if (name.startsWith("unknown") || value === null) return undefined;
    return { name, value: Number(Buffer.from(value).toString()) };
  },
};

function step(
  state: CountingState,
  input: CountingInput,
  context: StepContext,
): Outcome<CountingTypes> {
  const value = state.counters.get(input.name) ?? 0;
  switch (input.kind) {
    case "read":
      return { replies: [{ to: context.replyTo, reply: { kind: "value", value } }] };
    case "fill":
      return fill(input, context);
    case "wait":
      return {
        changes: [{ name: input.name, waiter: context.replyTo }],
        timers: [
          {
            kind: "set",
            key: input.name,
            delayMs: input.timeoutMs,
            input: { kind: "gave-up", name: input.name },
          },
        ],
      };
    case "gave-up":
      return {
        changes: [{ name: input.name, waiter: undefined }],
        replies: [{ to: state.waiters.get(input.name) ?? 0, reply: { kind: "timed-out" } }],
      };
    case "tick": {
      const ticked = { kind: "ticked", name: input.name } as const;
      return {
        timers: [{ kind: "set", key: "tick", delayMs: input.delayMs, input: ticked }],
        replies: [{ to: context.replyTo, reply: { kind: "value", value } }],
      };
    }
    case "ticked":
      return { records: [{ name: input.name, value: value + 1 }] };
    case "add": {
      const sum = value + input.amount;
      const reply = { kind: "value", value: sum } as const;
      const waiter = state.waiters.get(input.name);
      return {
        records: [{ name: input.name, value: sum }],
        ...(input.producerId === undefined
          ? {}
          : { producer: { producerId: input.producerId, producerEpoch: 0 } }),
        changes: [{ name: input.name, waiter: undefined }],
        timers: [{ kind: "cancel", key: input.name }],
        replies: [
          { to: context.replyTo, reply },
          ...(waiter === undefined ? [] : [{ to: waiter, reply }]),
        ],
        effects: [{ name: input.name }],
      };
    }
  }
}

function fill(
  input: Extract<CountingInput, { kind: "fill" }>,
  context: StepContext,
): Outcome<CountingTypes> {
  return {
    records: Array.from({ length: input.count }, (_, index) => {
      return { name: `${input.name}-${index}`, value: 1 };
    }),
    splitFrom: input.split === true ? 0 : undefined,
    timers: [
      { kind: "set", key: "tick", delayMs: 1000, input: { kind: "ticked", name: input.name } },
    ],
    replies: [{ to: context.replyTo, reply: { kind: "value", value: input.count } }],
  };
}
