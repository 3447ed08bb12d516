import type { Clock } from "./clock.ts";
import { IoError, OffloadError } from "./errors.ts";
import type { FileSystem } from "./file-system.ts";
import type { Offload, OffloadTask } from "./offload.ts";

/** What an inline offload runs its tasks with. */
export interface InlineOffloadOptions {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
}

/**
 * Runs tasks on the event loop, a turn later. Input and result are cloned as a worker would, so
 * that what cannot be cloned, or is changed behind the other's back, shows in a test.
 */
export class InlineOffload implements Offload {
  readonly #options: InlineOffloadOptions;
  #isClosed = false;

  constructor(options: InlineOffloadOptions) {
    this.#options = options;
  }

  async run<Input, Result>(task: OffloadTask<Input, Result>, input: Input): Promise<Result> {
    const { clock, fileSystem } = this.#options;
    const ownInput = structuredClone(input);
    await new Promise<void>((resolve) => {
      clock.setImmediate(resolve);
    });
    if (this.#isClosed) throw new OffloadError(`task ${task.name}: closed`);
    try {
      return structuredClone(await task.inline(ownInput, { fileSystem, clock, giveWay }));
    } catch (cause) {
      if (cause instanceof IoError) throw cause;
      throw new OffloadError(`task ${task.name} failed`, { cause });
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }
}

/** What runs on the event loop has nobody to give way to. */
function giveWay(): void {}
