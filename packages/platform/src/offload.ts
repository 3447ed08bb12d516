import type { Clock } from "./clock.ts";
import type { FileSystem } from "./file-system.ts";

/**
 * Runs heavy work off the event loop: a worker thread in production, inline in the simulator.
 * A task is named; its implementation is registered where the process is composed, so that a
 * worker can load it by name.
 */
export interface Offload {
  /**
   * Runs a registered task and gives its result. Input and result must survive structured cloning.
   * @throws IoError as the task threw it; OffloadError with the task's own error as its cause
   * for anything else, or when the worker ended.
   */
  run<Input, Result>(task: OffloadTask<Input, Result>, input: Input): Promise<Result>;
  /** Ends the workers; tasks under way are rejected. */
  close(): Promise<void>;
}

/** A task that a worker can load: the module that exports `run(input, fileSystem)` by that name. */
export interface OffloadTask<Input, Result> {
  readonly name: string;
  /** URL of the module whose export `exportName` is the function. */
  readonly moduleUrl: string;
  readonly exportName: string;
  /** The function itself, for running inline. */
  readonly inline: (input: Input, context: OffloadContext) => Result | Promise<Result>;
}

/** What a task may use of the world. */
export interface OffloadContext {
  readonly fileSystem: FileSystem;
  /** For waiting: a task that holds back its reads and writes, or lets others have a turn. */
  readonly clock: Clock;
  /**
   * Gives the core to the event loop for a moment when the task has had it for long enough. To be
   * called often, some times in a tenth of a millisecond: it costs a look at the clock. Where
   * nobody has to share, it does nothing.
   */
  readonly giveWay: () => void;
}
