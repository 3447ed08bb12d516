import process from "node:process";
import { NodeClock } from "@millrace/platform/node";
import { runCommandLine } from "./command-line.ts";
import { interruption } from "./interruption.ts";

/**
 * Threads for fsyncs and cold reads: half of them may be in fsyncs, which only wait, and fsyncs
 * that wait together share the commits of the file system's journal. Measured with acks=all on 64
 * partitions: 117 MB/s with 16 threads, 107 MB/s with 4, at the same CPU.
 */
const threadPoolSize = "16";

/** Lines of help and tables, where nobody says how wide the terminal is. */
const defaultColumnCount = 100;

/** Runs this process's command line; the exit code is set when it ends. */
export async function runProcess(options: { readonly offloadWorkerUrl?: URL }): Promise<void> {
  // Read by libuv when the pool is used first, and by the platform to share it out.
  process.env["UV_THREADPOOL_SIZE"] ??= threadPoolSize;
  // Whoever reads our output may have seen enough: `millrace … | head`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    ...options,
    environment: process.env,
    clock: new NodeClock(),
    terminal: {
      isInputTerminal: process.stdin.isTTY,
      isOutputTerminal: process.stdout.isTTY,
      isErrorTerminal: process.stderr.isTTY,
      columnCount: process.stdout.columns ?? defaultColumnCount,
    },
    get input() {
      return process.stdin;
    },
    interruption,
    print: (text) => void process.stdout.write(text),
    write: writeOut,
    printError: (text) => void process.stderr.write(text),
  });
}

function writeOut(bytes: Uint8Array): Promise<void> | undefined {
  if (process.stdout.write(bytes)) return undefined;
  return new Promise((resolve) => process.stdout.once("drain", resolve));
}
