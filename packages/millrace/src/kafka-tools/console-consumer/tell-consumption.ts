import type { CommandContext } from "../../command.ts";
import { javaMessageOf } from "../java-message.ts";
import { isTold } from "../tool.ts";

/** How far a console consumer has come. */
export interface ConsumptionProgress {
  recordCount: number;
}

/**
 * Consumes, and tells what a console consumer of Kafka tells at its end: why it failed, how many
 * records there were, and, for system tests, that it is over.
 * @returns the exit code
 */
export async function tellConsumption(
  context: CommandContext,
  options: { readonly isForSystemTest: boolean },
  consume: (progress: ConsumptionProgress) => Promise<void>,
): Promise<number> {
  const progress = { recordCount: 0 };
  let code = 0;
  try {
    await consume(progress);
  } catch (error) {
    if (!isTold(error)) throw error;
    context.printError(`${javaMessageOf(error)}\n`);
    code = 1;
  }
  context.printError(`Processed a total of ${progress.recordCount} messages\n`);
  if (options.isForSystemTest) context.print("shutdown_complete\n");
  return code;
}
