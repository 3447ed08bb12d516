import type { Random } from "@millrace/platform";
import type { ErrorName } from "@millrace/protocol";

import type { ClusterImage } from "../image/cluster-image.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { Outcome } from "./outcome.ts";
import { refused } from "./outcome.ts";
import type { ConfigValidator, ControllerDefaults } from "./requests.ts";

/** Everything a decision may look at. Decisions read nothing else and change nothing. */
export interface DecisionContext {
  /** The state with everything decided so far, committed or not. */
  readonly image: ClusterImage;
  /** The offset that the first record of this decision will have. */
  readonly nextOffset: number;
  readonly clusterId: string;
  readonly random: Random;
  readonly defaults: ControllerDefaults;
  readonly configValidator: ConfigValidator;
}

/** What was decided: records, appended as one step, and the answer once they are committed. */
export interface Decision<T> {
  readonly records: readonly MetadataRecord[];
  readonly answer: Outcome<T>;
}

/** How many records one request may cause: Kafka's limit. */
export const RECORDS_PER_REQUEST_MAX = 10_000;

/** Gives a decision that changes something, or nothing if there are no records. */
export function decided<T>(records: readonly MetadataRecord[], value: T): Decision<T> {
  return { records, answer: { kind: "done", value } };
}

/** Gives a decision that refuses the whole request. */
export function refusedDecision(error: ErrorName, message: string): Decision<never> {
  return { records: [], answer: refused(error, message) };
}
