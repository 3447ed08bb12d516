import type { LogLevel } from "@millrace/platform";
import type { TopicToMake } from "./topic-list.ts";

/** What `millrace dev` was told. */
export interface DevValues {
  readonly port: number;
  readonly data: string;
  readonly memory?: true | undefined;
  readonly topics: readonly TopicToMake[];
  readonly seed?: string | undefined;
  readonly override?: readonly string[] | undefined;
  readonly logLevel: LogLevel;
}
