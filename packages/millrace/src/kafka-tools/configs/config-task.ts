import type { Admin } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import type { ConfigArguments } from "./config-options.ts";

/** What the parts of kafka-configs work with. */
export interface ConfigTask {
  readonly admin: Admin;
  readonly given: ConfigArguments;
  readonly context: CommandContext;
  readonly types: readonly string[];
  /** "" is a default. */
  readonly names: readonly string[];
}
