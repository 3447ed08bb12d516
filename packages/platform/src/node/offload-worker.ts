import os from "node:os";
import process from "node:process";
import { parentPort } from "node:worker_threads";
import { assert } from "../assert.ts";
import type { OffloadContext } from "../offload.ts";
import { NodeClock } from "./clock.ts";
import { createGiveWay } from "./give-way.ts";
import { NodeFileSystem } from "./file-system.ts";
import { describeFailure, type OffloadReply, type OffloadRequest } from "./offload-protocol.ts";

/**
 * How much nicer a worker is than the event loop, with which it may share a core: it gets a ninth
 * of the time then. Measured on one core beside compaction, 1,000 records/s with acks=all: p99
 * 20 ms instead of 108.
 */
const workerNiceness = 10;

/** The system's nicest: nothing may be lower. */
const nicest = 19;

/** A function of a task as a worker calls it. */
export type WorkerTask = (input: unknown, context: OffloadContext) => unknown;

/**
 * Serves tasks in a worker thread until it is ended. A bundle, whose modules have no addresses of
 * their own any more, makes an entry point of its own that calls this with its tasks by name; run
 * from separate files, a task is loaded from its module when it is first asked for.
 */
export function serveOffloadTasks(bundledTasks: Readonly<Record<string, WorkerTask>> = {}): void {
  assert(parentPort !== null, "tasks are served in a worker thread");
  const port = parentPort;
  // Only Linux counts priorities by thread; elsewhere this would slow the whole process down.
  if (process.platform === "linux") {
    os.setPriority(0, Math.min(nicest, os.getPriority(0) + workerNiceness));
  }
  const context: OffloadContext = {
    fileSystem: new NodeFileSystem({ syncConcurrencyMax: 1 }),
    clock: new NodeClock(),
    giveWay: createGiveWay(os.availableParallelism()),
  };
  port.on("message", (request: OffloadRequest) => {
    void answer(request, bundledTasks, context).then((reply) => {
      port.postMessage(reply);
    });
  });
}

async function answer(
  request: OffloadRequest,
  bundledTasks: Readonly<Record<string, WorkerTask>>,
  context: OffloadContext,
): Promise<OffloadReply> {
  const { id } = request;
  try {
    const task = bundledTasks[request.name] ?? (await load(request));
    return { id, kind: "result", result: await task(request.input, context) };
  } catch (error) {
    return { id, kind: "failure", failure: describeFailure(error) };
  }
}

async function load(request: OffloadRequest): Promise<WorkerTask> {
  const module: unknown = await import(request.moduleUrl);
  assert(typeof module === "object" && module !== null, "a module is an object");
  const task: unknown = Reflect.get(module, request.exportName);
  assert(isTask(task), `${request.moduleUrl} has no function ${request.exportName}`);
  return task;
}

function isTask(value: unknown): value is WorkerTask {
  return typeof value === "function";
}
