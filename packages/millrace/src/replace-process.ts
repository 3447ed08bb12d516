import { availableParallelism } from "node:os";
import process from "node:process";
import { startOptions } from "./start-options.ts";

/**
 * Begins this process anew with the options of V8 that a broker needs, under the same process id,
 * before anything else is loaded. Where the system or this Node cannot, it goes on as it is.
 */
export function replaceProcess(): void {
  const [script = "", ...words] = process.argv.slice(1);
  const nodeOptions = process.env["NODE_OPTIONS"] ?? "";
  const options = startOptions({
    words,
    coreCount: availableParallelism(),
    given: [...process.execArgv, ...nodeOptions.split(" ")],
  });
  // A channel to a parent would not survive.
  if (options.length === 0 || process.send !== undefined || process.platform !== "linux") return;
  if (typeof process.execve !== "function") return;
  const { execPath } = process;
  process.execve(execPath, [execPath, ...process.execArgv, ...options, script, ...words]);
}
