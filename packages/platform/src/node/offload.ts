import { Worker } from "node:worker_threads";
import { OffloadError } from "../errors.ts";
import type { Offload, OffloadTask } from "../offload.ts";
import { type OffloadReply, type OffloadRequest, reviveFailure } from "./offload-protocol.ts";

/** Where the worker's entry point is. */
export interface NodeOffloadOptions {
  /** Module that calls `serveOffloadTasks`; the platform's own when not given. */
  readonly workerUrl?: URL;
}

interface PendingTask {
  readonly name: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs tasks in one worker thread, started at the first task: the machine this is made for has two
 * cores, and tasks are long. Tasks are served in the order they come, interleaved where they wait.
 */
export class NodeOffload implements Offload {
  readonly #workerUrl: URL;
  readonly #pending = new Map<number, PendingTask>();
  #worker: Worker | undefined;
  #nextId = 1;
  #isClosed = false;

  constructor(options: NodeOffloadOptions = {}) {
    // The file beside this one has the ending of this one: .ts in a checkout, .js when published.
    const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.#workerUrl = options.workerUrl ?? new URL(`./offload-main.${ending}`, import.meta.url);
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
      this.#pending.set(id, {
        name: task.name,
        // The worker ran the function whose type the task carries.
        resolve: (result) => resolve(result as Result),
        reject,
      });
      try {
        this.#startedWorker().postMessage(request);
      } catch (cause) {
        this.#pending.delete(id);
        reject(new OffloadError(`the input of task ${task.name} cannot be sent`, { cause }));
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll(undefined);
    await worker?.terminate();
  }

  #startedWorker(): Worker {
    if (this.#worker !== undefined) {
      this.#worker.ref();
      return this.#worker;
    }
    const worker = new Worker(this.#workerUrl, { name: "offload" });
    worker.on("message", (reply: OffloadReply) => {
      this.#settle(worker, reply);
    });
    worker.on("error", (error) => {
      this.#forget(worker, error);
    });
    worker.on("exit", () => {
      this.#forget(worker, undefined);
    });
    this.#worker = worker;
    return worker;
  }

  #settle(worker: Worker, reply: OffloadReply): void {
    const task = this.#pending.get(reply.id);
    if (task === undefined) return;
    this.#pending.delete(reply.id);
    // An idle worker does not keep the process alive.
    if (this.#pending.size === 0) worker.unref();
    if (reply.kind === "result") task.resolve(reply.result);
    else task.reject(reviveFailure(task.name, reply.failure));
  }

  /** A worker that ended takes its tasks along; the next task starts a new one. */
  #forget(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll(cause);
  }

  #failAll(cause: unknown): void {
    const tasks = [...this.#pending.values()];
    this.#pending.clear();
    for (const task of tasks) {
      task.reject(new OffloadError(`the worker ended before task ${task.name}`, { cause }));
    }
  }
}
