/** The types of one coordinator. */
export interface MachineTypes {
  /** What it knows: mutable, owned by its shard, changed by `apply` and `change` alone. */
  readonly state: unknown;
  /** What can happen to it: requests, and timers that ran out. */
  readonly input: unknown;
  /** What it writes to its log. */
  readonly record: unknown;
  /** What it changes without a record. */
  readonly change: unknown;
  readonly reply: unknown;
  /** What it has the broker do; `never` for a coordinator that has nothing done. */
  readonly effect: unknown;
}
