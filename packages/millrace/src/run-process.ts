import process from "node:process";
import { runCommandLine } from "./command-line.ts";

/**
 * Threads for fsyncs and cold reads: half of them may be in fsyncs, which only wait, and fsyncs
 * that wait together share the commits of the file system's journal. Measured with acks=all on 64
 * partitions: 117 MB/s with 16 threads, 107 MB/s with 4, at the same CPU.
 */
const threadPoolSize = "16";

/** Runs this process's command line; the exit code is set when it ends. */
export async function runProcess(options: { readonly offloadWorkerUrl?: URL }): Promise<void> {
  // Read by libuv when the pool is used first, and by the platform to share it out.
  process.env["UV_THREADPOOL_SIZE"] ??= threadPoolSize;
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    ...options,
    environment: process.env,
    print: (text) => void process.stdout.write(text),
    printError: (text) => void process.stderr.write(text),
  });
}
