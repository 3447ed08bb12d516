import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { OffloadError } from "../errors.ts";
import type { Offload, OffloadTask } from "../offload.ts";
import { type OffloadReply, type OffloadRequest, reviveFailure } from "./offload-protocol.ts";

/** Where the worker's entry point is. */
export interface NodeOffloadOptions {
  /** Module that calls `serveOffloadTasks`; the platform's own when not given. */
  readonly workerUrl?: URL;
  /** So many tasks run at once; one per processor when not given. */
  readonly workersMax?: number;
}

/** A worker and the tasks that it was given. */
interface BusyWorker {
  readonly thread: Worker;
  readonly pending: Map<number, PendingTask>;
  /** Ends it when it was idle for long; undefined while it works. */
  idleTimer: NodeJS.Timeout | undefined;
}

interface PendingTask {
  readonly name: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker beyond the first ends when it had nothing to do for so long. */
const idleMsMax = 10_000;

/**
 * Runs tasks in worker threads: the first is started at the first task and stays, further ones come
 * while tasks run at the same time, and go. A worker serves its tasks in the order they come,
 * interleaved where they wait.
 */
export class NodeOffload implements Offload {
  readonly #workerUrl: URL;
  readonly #workersMax: number;
  readonly #workers: BusyWorker[] = [];
  #nextId = 1;
  #isClosed = false;

  constructor(options: NodeOffloadOptions = {}) {
    // The file beside this one has the ending of this one: .ts in a checkout, .js when published.
    const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.#workerUrl = options.workerUrl ?? new URL(`./offload-main.${ending}`, import.meta.url);
    this.#workersMax = options.workersMax ?? availableParallelism();
  }

  /** Threads that there are now. */
  get workerCount(): number {
    return this.#workers.length;
  }

  run<Input, Result>(task: OffloadTask<Input, Result>, input: Input): Promise<Result> {
    if (this.#isClosed) return Promise.reject(new OffloadError(`task ${task.name}: closed`));
    return new Promise((resolve, reject) => {
      const id = this.#nextId;
      this.#nextId += 1;
      const request: OffloadRequest = {
        id,
        name: task.name,
        moduleUrl: task.moduleUrl,
        exportName: task.exportName,
        input,
      };
      const worker = this.#chooseWorker();
      worker.pending.set(id, {
        name: task.name,
        // The worker ran the function whose type the task carries.
        resolve: (result) => resolve(result as Result),
        reject,
      });
      try {
        worker.thread.postMessage(request);
      } catch (cause) {
        this.#finished(worker, id);
        reject(new OffloadError(`the input of task ${task.name} cannot be sent`, { cause }));
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const workers = this.#workers.splice(0);
    for (const worker of workers) failAll(worker, undefined);
    await Promise.all(workers.map(({ thread }) => thread.terminate()));
  }

  /** An idle worker, else a new one, else the one with the fewest tasks. */
  #chooseWorker(): BusyWorker {
    let chosen: BusyWorker | undefined;
    for (const worker of this.#workers) {
      if (chosen === undefined || worker.pending.size < chosen.pending.size) chosen = worker;
    }
    const hasRoom = this.#workers.length < this.#workersMax;
    if (chosen === undefined || (chosen.pending.size > 0 && hasRoom)) return this.#startWorker();
    clearTimeout(chosen.idleTimer);
    chosen.idleTimer = undefined;
    chosen.thread.ref();
    return chosen;
  }

  #startWorker(): BusyWorker {
    const thread = new Worker(this.#workerUrl, { name: "offload" });
    const worker: BusyWorker = { thread, pending: new Map(), idleTimer: undefined };
    thread.on("message", (reply: OffloadReply) => {
      const task = worker.pending.get(reply.id);
      if (task === undefined) return;
      this.#finished(worker, reply.id);
      if (reply.kind === "result") task.resolve(reply.result);
      else task.reject(reviveFailure(task.name, reply.failure));
    });
    thread.on("error", (error) => this.#forget(worker, error));
    thread.on("exit", () => this.#forget(worker, undefined));
    this.#workers.push(worker);
    return worker;
  }

  #finished(worker: BusyWorker, id: number): void {
    worker.pending.delete(id);
    if (worker.pending.size > 0) return;
    // An idle worker does not keep the process alive.
    worker.thread.unref();
    if (worker === this.#workers[0]) return;
    worker.idleTimer = setTimeout(() => {
      this.#forget(worker, undefined);
      void worker.thread.terminate();
    }, idleMsMax);
    worker.idleTimer.unref();
  }

  /** A worker that ended takes its tasks along; the next task starts a new one. */
  #forget(worker: BusyWorker, cause: unknown): void {
    const position = this.#workers.indexOf(worker);
    if (position < 0) return;
    this.#workers.splice(position, 1);
    clearTimeout(worker.idleTimer);
    failAll(worker, cause);
  }
}

function failAll(worker: BusyWorker, cause: unknown): void {
  const tasks = [...worker.pending.values()];
  worker.pending.clear();
  for (const task of tasks) {
    task.reject(new OffloadError(`the worker ended before task ${task.name}`, { cause }));
  }
}
