import type { Admin } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import type { TopicArguments } from "./topic-options.ts";

/** What the parts of kafka-topics work with. */
export interface TopicTask {
  readonly admin: Admin;
  readonly options: TopicArguments;
  readonly context: CommandContext;
}
