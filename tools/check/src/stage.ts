/** One gate of the test command. */
export interface Stage {
  /** What a person types to run it alone. */
  readonly name: string;
  /** What it makes sure of, for the summary. */
  readonly claim: string;
  run(context: StageContext): Promise<StageResult>;
}

/** What every stage is given. */
export interface StageContext {
  /** The repository's top folder. */
  readonly root: string;
  /** Where downloads shared by clones are kept. */
  readonly cacheFolder: string;
  /** On CI a check that cannot run is a failure. */
  readonly isCi: boolean;
  /** Mend what can be mended instead of complaining. */
  readonly write: boolean;
  /** Words after `--`, for a stage that takes some. */
  readonly words: readonly string[];
}

/** How a stage ended. */
export interface StageResult {
  readonly outcome: "ok" | "failed" | "skipped";
  /** One line: counts, or why it was skipped. */
  readonly detail: string;
  /** What to print when it failed: file, line, what to do. */
  readonly report?: string;
  readonly counts?: TestCounts;
}

/** How many tests ended how; added up over stages for the closing lines. */
export interface TestCounts {
  readonly tests: number;
  readonly suites: number;
  readonly passed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly skipped: number;
  readonly todo: number;
}

/** No test at all. */
export const noTests: TestCounts = {
  tests: 0,
  suites: 0,
  passed: 0,
  failed: 0,
  cancelled: 0,
  skipped: 0,
  todo: 0,
};

/** Adds two counts. */
export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    tests: left.tests + right.tests,
    suites: left.suites + right.suites,
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    cancelled: left.cancelled + right.cancelled,
    skipped: left.skipped + right.skipped,
    todo: left.todo + right.todo,
  };
}
