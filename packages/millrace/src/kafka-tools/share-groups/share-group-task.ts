import type { Admin, GroupListing } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { refuseErrors } from "../outcome.ts";
import type { ShareGroupArguments } from "./share-group-options.ts";

/** What the parts of kafka-share-groups work with. */
export interface ShareGroupTask {
  readonly admin: Admin;
  readonly options: ShareGroupArguments;
  readonly context: CommandContext;
  readonly timeoutMs: number;
}

/** Every share group. @throws KafkaError of a broker that did not tell. */
export async function allShareGroups({
  admin,
  timeoutMs,
}: ShareGroupTask): Promise<readonly GroupListing[]> {
  const listed = await admin.listGroups({ types: ["share"], timeoutMs });
  refuseErrors(listed.errors);
  return listed.groups;
}

/** The groups that are meant. */
export async function shareGroupIdsOf(task: ShareGroupTask): Promise<readonly string[]> {
  if (!task.options.has("all-groups")) return [...new Set(task.options.texts("group"))];
  return (await allShareGroups(task)).map(({ groupId }) => groupId);
}
