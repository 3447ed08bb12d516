import type { AcknowledgeType } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { formatterOf } from "../console-consumer/console-options.ts";
import type { MessageFormatter } from "../console-consumer/message-formatter.ts";
import { keyValueArguments, readToolProperties, type ToolProperties } from "../open-client.ts";
import { nameInUse, warnOfOldName } from "../renamed-option.ts";
import { ToolUsageError } from "../tool-errors.ts";
import type { ConsoleShareConsumerArguments } from "./console-share-consumer-options.ts";

/** What a run of the console share consumer does. */
export interface ShareConsumption {
  readonly properties: ToolProperties;
  readonly groupId: string;
  readonly topic: string;
  readonly formatter: MessageFormatter;
  readonly recordsMax: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly acknowledgement: AcknowledgeType;
  readonly isRejectedOnError: boolean;
}

const propertyOption = { name: "command-property", oldName: "consumer-property" } as const;
const configOption = { name: "command-config", oldName: "consumer-config" } as const;

/** Checks what was given, in the order of Kafka's tool. @throws ToolUsageError */
export function shareConsumptionOf(
  options: ConsoleShareConsumerArguments,
  context: CommandContext,
): ShareConsumption {
  const topic = options.text("topic");
  if (topic === undefined) throw new ToolUsageError("--topic is a required argument");
  options.require("bootstrap-server");
  if (options.given("reject", "release").length === 2) {
    throw new ToolUsageError("At most one of --reject and --release may be specified.");
  }
  const propertyName = nameInUse(options, propertyOption, { isOldFirst: true });
  const configName = nameInUse(options, configOption, { isOldFirst: true });
  if (options.has("consumer-property")) warnOfOldName(context, propertyOption, "Option");
  if (options.has("consumer-config")) warnOfOldName(context, configOption, "Option");
  const fromFile = readToolProperties(options.text(configName));
  const extra = keyValueArguments(options.texts(propertyName));
  const groupId = groupOf(options, [fromFile["group.id"], extra["group.id"]]);
  const recordsMax = options.integer("max-messages") ?? -1;
  const timeoutMs = options.integer("timeout-ms") ?? -1;
  return {
    properties: {
      "client.id": "console-share-consumer",
      ...fromFile,
      ...extra,
      "bootstrap.servers": options.text("bootstrap-server") ?? "",
    },
    groupId,
    topic,
    formatter: formatterOf(options, context),
    recordsMax: recordsMax === -1 ? undefined : recordsMax,
    timeoutMs: timeoutMs < 0 ? undefined : timeoutMs,
    acknowledgement: acknowledgementOf(options),
    isRejectedOnError: options.has("reject-message-on-error"),
  };
}

function acknowledgementOf(options: ConsoleShareConsumerArguments): AcknowledgeType {
  if (options.has("reject")) return "reject";
  return options.has("release") ? "release" : "accept";
}

function groupOf(
  options: ConsoleShareConsumerArguments,
  others: readonly (string | undefined)[],
): string {
  const given = [options.text("group"), ...others].filter((one) => one !== undefined);
  const groups = [...new Set(given)];
  if (groups.length <= 1) return groups[0] ?? "share";
  const named = groups.map((group) => `'${group}'`).join(", ");
  throw new ToolUsageError(
    "The group ids provided in different places (directly using '--group', " +
      "via '--consumer-property', or via '--consumer-config') do not match. " +
      `Detected group ids: ${named}`,
  );
}
