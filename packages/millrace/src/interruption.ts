import process from "node:process";

/** What a shell gives for a process that was ended by SIGINT. */
const interruptedExitCode = 130;

let signal: AbortSignal | undefined;

/**
 * Gives a signal that the first Ctrl-C or SIGTERM aborts, so that a command can finish what it
 * began; the second one ends the process at once. Until it is asked for, the first one does.
 */
export function interruption(): AbortSignal {
  signal ??= listen();
  return signal;
}

function listen(): AbortSignal {
  const controller = new AbortController();
  const interrupted = (): void => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    controller.abort();
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  return controller.signal;
}
