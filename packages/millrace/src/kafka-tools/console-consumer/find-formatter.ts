import type { ToolProperties } from "../open-client.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { defaultFormatter, type MessageFormatter, noOpFormatter } from "./message-formatter.ts";

/** The class of the formatter that is used when none is told. */
export const defaultFormatterClass = "org.apache.kafka.tools.consumer.DefaultMessageFormatter";

const noOpClass = "org.apache.kafka.tools.consumer.NoOpMessageFormatter";

/** Finds a formatter by its class. @throws ToolUsageError with the class, when it is not here. */
export function findFormatter(
  className: string,
  properties: ToolProperties,
  complain: (message: string) => void,
): MessageFormatter {
  if (className === noOpClass) return noOpFormatter;
  if (className !== defaultFormatterClass) throw new ToolUsageError(className);
  return defaultFormatter(properties, complain);
}
