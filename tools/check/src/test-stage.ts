import { globSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { run } from "node:test";
import { inspect } from "node:util";
import { inBatches } from "./batches.ts";
import { type Beside, type BesideOptions, startBeside } from "./beside.ts";
import type { Stage, StageContext, StageResult, TestCounts } from "./stage.ts";
import { addCounts, noTests } from "./stage.ts";

/** A stage that runs test files with Node's runner. */
export interface TestStageOptions {
  readonly name: string;
  readonly claim: string;
  /** Globs of test files, relative to the top folder. */
  readonly files: readonly string[];
  /** Globs that are left out. */
  readonly except?: readonly string[];
  /** How many files run at a time: 1 where tests start servers and measure. */
  readonly concurrency: number;
  /** Of one test, and of all in a process. */
  readonly timeoutMs: number;
  /** So many files share a process, where they share nothing else; 1 when not given. */
  readonly batchSize?: number;
  /** A program that runs beside the tests and serves them all. */
  readonly beside?: BesideOptions;
  /** A test may be skipped on CI for a reason that begins so. */
  readonly allowedReason?: string;
}

/** Makes a stage of test files. */
export function testStage(options: TestStageOptions): Stage {
  return { name: options.name, claim: options.claim, run: (context) => runTests(options, context) };
}

async function runTests(options: TestStageOptions, context: StageContext): Promise<StageResult> {
  const files = globSync([...options.files], { cwd: context.root, exclude: ["**/node_modules/**"] })
    .filter((file) => !(options.except ?? []).some((glob) => file.startsWith(glob)))
    .filter(
      (file) => context.words.length === 0 || context.words.some((word) => file.includes(word)),
    )
    .sort()
    .map((file) => join(context.root, file));
  if (files.length === 0) {
    return { outcome: "skipped", detail: "no test files" };
  }
  const beside = options.beside && (await startBeside(options.beside, context.root));
  try {
    return await follow(files, options, { context, beside });
  } finally {
    await beside?.stop();
  }
}

async function follow(
  files: readonly string[],
  options: TestStageOptions,
  { context, beside }: { readonly context: StageContext; readonly beside: Beside | undefined },
): Promise<StageResult> {
  const batches = inBatches(files, options.batchSize ?? 1, context.root);
  const progress = new Progress(context.root, batches.labels, options.allowedReason);
  const stream = run({
    files: batches.files,
    concurrency: options.concurrency,
    timeout: options.timeoutMs,
    // A test that failed may have left something running: nobody is to wait for it for ever.
    forceExit: true,
    cwd: context.root,
    ...(beside === undefined ? {} : { env: { ...process.env, ...beside.environment } }),
  });
  for await (const event of stream) progress.take(event as TestEvent);
  return progress.result(context, files.length);
}

type TestEvent = { readonly type: string; readonly data?: unknown };

interface EndedTest {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: {
    readonly duration_ms: number;
    readonly type?: string;
    readonly error?: unknown;
  };
}

interface FileSummary {
  readonly file?: string;
  readonly counts: { readonly [kind: string]: number };
  readonly duration_ms: number;
  readonly success: boolean;
}

/** Follows a run: one line a file, failures and skipped tests in full. */
class Progress {
  readonly #root: string;
  readonly #labels: ReadonlyMap<string, string>;
  readonly #skipped: string[] = [];
  readonly #failures: string[] = [];
  readonly #allowedReason: string | undefined;
  /** Skipped for a reason that is not allowed. */
  #refusedCount = 0;
  #counts: TestCounts = noTests;

  constructor(
    root: string,
    labels: ReadonlyMap<string, string>,
    allowedReason: string | undefined,
  ) {
    this.#root = root;
    this.#labels = labels;
    this.#allowedReason = allowedReason;
  }

  take(event: TestEvent): void {
    switch (event.type) {
      case "test:pass":
        this.#passed(event.data as EndedTest);
        break;
      case "test:fail":
        this.#failed(event.data as EndedTest);
        break;
      case "test:summary":
        this.#summary(event.data as FileSummary);
        break;
      case "test:diagnostic":
        this.#diagnostic(event.data as { readonly message: string });
        break;
      case "test:stdout":
      case "test:stderr":
        process.stdout.write((event.data as { message: string }).message);
        break;
      default:
        break;
    }
  }

  #passed(test: EndedTest): void {
    if (test.skip === undefined || test.skip === false) return;
    const reason = typeof test.skip === "string" ? test.skip : "no reason given";
    const isAllowed = this.#allowedReason !== undefined && reason.startsWith(this.#allowedReason);
    if (!isAllowed) this.#refusedCount += 1;
    this.#skipped.push(`${this.#place(test)}  ${test.name}: ${reason}`);
  }

  #failed(test: EndedTest): void {
    // A suite or file that fails only because a test in it failed says nothing new.
    const error = test.details.error as { failureType?: string; cause?: unknown } | undefined;
    if (error?.failureType === "subtestsFailed") return;
    const title = `✖ ${this.#place(test)}  ${test.name}`;
    this.#failures.push(title);
    process.stdout.write(`  ${title}\n${indent(describeError(error))}\n`);
  }

  /** What a test has to say (counts, seeds); the runner's own closing lines come at the end. */
  #diagnostic({ message }: { readonly message: string }): void {
    const isClosing = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) \d/.test(
      message,
    );
    if (!isClosing) process.stdout.write(`${indent(`ℹ ${message}`)}\n`);
  }

  #summary(summary: FileSummary): void {
    const counts = countsOf(summary.counts);
    if (summary.file === undefined) {
      this.#counts = addCounts(this.#counts, counts);
      return;
    }
    const mark = summary.success ? "✔" : "✖";
    const name = this.#labels.get(summary.file) ?? relative(this.#root, summary.file);
    const seconds = (summary.duration_ms / 1000).toFixed(1);
    process.stdout.write(`  ${mark} ${name} (${counts.tests} tests, ${seconds} s)\n`);
  }

  #place(test: EndedTest): string {
    if (test.file === undefined) return "(no file)";
    return `${relative(this.#root, test.file)}:${test.line ?? 1}`;
  }

  result(context: StageContext, fileCount: number): StageResult {
    const { tests, passed, failed, cancelled, skipped } = this.#counts;
    const counted = `${tests} tests in ${fileCount} files, ${failed + cancelled} failed, ${skipped} skipped`;
    const notes = this.#skipped;
    for (const note of notes) process.stdout.write(`  skipped: ${note}\n`);
    const report = this.#failures.join("\n");
    const isBad =
      failed + cancelled > 0 || (context.isCi && this.#refusedCount > 0) || passed === 0;
    const detail = passed === 0 ? `${counted}: nothing passed` : counted;
    return { outcome: isBad ? "failed" : "ok", detail, report, counts: this.#counts };
  }
}

function countsOf(counts: { readonly [kind: string]: number }): TestCounts {
  return {
    tests: counts["tests"] ?? 0,
    suites: counts["suites"] ?? 0,
    passed: counts["passed"] ?? 0,
    failed: counts["failed"] ?? 0,
    cancelled: counts["cancelled"] ?? 0,
    skipped: counts["skipped"] ?? 0,
    todo: counts["todo"] ?? 0,
  };
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  if (error.cause instanceof Error && "failureType" in error) return describeError(error.cause);
  // Node's own frames say nothing about our code.
  return inspect(error).replaceAll(/^\s+at .*\(?node:.*\n/gm, "");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
