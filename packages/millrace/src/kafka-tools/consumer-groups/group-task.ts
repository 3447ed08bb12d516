import type { Admin } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import type { ConsumerGroupArguments } from "./consumer-group-options.ts";

/** What the parts of kafka-consumer-groups work with. */
export interface GroupTask {
  readonly admin: Admin;
  readonly options: ConsumerGroupArguments;
  readonly context: CommandContext;
  readonly timeoutMs: number;
}

/** Tells a failure that does not end the tool with another exit code: on standard output. */
export function tellGroupError(context: CommandContext, message: string): void {
  context.print(`\nError: ${message}\n`);
}

/** The groups that are meant. */
export async function groupIdsOf({ admin, options, timeoutMs }: GroupTask): Promise<string[]> {
  if (!options.has("all-groups")) return [...options.texts("group")];
  const listed = await admin.listGroups({ protocols: ["consumer", ""], timeoutMs });
  return listed.groups.map(({ groupId }) => groupId);
}
