import process from "node:process";
import { runCommandLine } from "./command-line.ts";

/** Runs this process's command line; the exit code is set when it ends. */
export async function runProcess(options: { readonly offloadWorkerUrl?: URL }): Promise<void> {
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    ...options,
    environment: process.env,
    print: (text) => void process.stdout.write(text),
    printError: (text) => void process.stderr.write(text),
  });
}
