import type { Exceptions } from "../exceptions.ts";
import { exceptionsPath } from "../exceptions.ts";
import type { Finding, Rule, Subject } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

/** A file of one idea fits: over this it holds two. */
export const fileLinesMax = 600;
/** What can be read at a glance. */
export const functionLinesMax = 70;
/** The formatter's width; what it cannot break (strings, comments) must be broken by hand. */
export const lineWidthMax = 100;

/**
 * Files, functions and lines stay short. What is longer today stands in the exceptions with its
 * number, which may only shrink.
 */
export const lengths: Rule = {
  name: "lengths",
  check(subject) {
    const seen = new Map<string, number>();
    const findings = subject.sources.flatMap((source) => [
      ...tooLong(measuresOf(source), { subject, seen }),
      ...tooWide(source),
    ]);
    return [...findings, ...looseExceptions(subject.exceptions, seen)];
  },
};

interface Measure {
  readonly key: string;
  readonly path: string;
  readonly line: number;
  readonly lines: number;
  readonly linesMax: number;
  readonly what: string;
}

function measuresOf(source: SourceFile): readonly Measure[] {
  const { path } = source;
  const file = { key: path, path, line: 1, what: "the file" };
  const lines = source.text.trimEnd().split("\n").length;
  const measures: Measure[] = [{ ...file, lines, linesMax: fileLinesMax }];
  // A test's callback is a list of examples; its length is the file's.
  if (path.endsWith(".test.ts")) return measures;
  for (const one of source.functions) {
    const what = `function ${one.name}`;
    const key = `${path}#${one.name}`;
    measures.push({
      key,
      path,
      line: one.line,
      lines: one.lines,
      linesMax: functionLinesMax,
      what,
    });
  }
  return measures;
}

function tooLong(
  measures: readonly Measure[],
  { subject, seen }: { subject: Subject; seen: Map<string, number> },
): readonly Finding[] {
  return measures.flatMap((measure) => {
    const { key, path, line, lines, linesMax, what } = measure;
    seen.set(key, Math.max(seen.get(key) ?? 0, lines));
    const allowed = subject.exceptions.lengths[key]?.lines ?? linesMax;
    if (lines <= allowed) return [];
    const message = `${what} has ${lines} lines, over ${allowed}: split it by idea`;
    return [{ path, line, message }];
  });
}

function tooWide(source: SourceFile): readonly Finding[] {
  return source.text.split("\n").flatMap((text, index) => {
    // An address cannot be broken, and a sentence in quotes is found by searching for it whole.
    const breakable = withoutTexts(text);
    const isComment = /^\s*(\/\/|\/?\*)/.test(text);
    if (text.length <= lineWidthMax || (!isComment && breakable.length <= lineWidthMax)) return [];
    if (isComment && /https?:\/\//.test(text)) return [];
    const message = `${text.length} characters, over ${lineWidthMax}: break the line`;
    return [{ path: source.path, line: index + 1, message }];
  });
}

/** A line without addresses and without what stands in quotes, of whatever kind. */
function withoutTexts(line: string): string {
  const quoted = [/`[^`]*`/g, /"[^"]*"/g, /'[^']*'/g];
  return quoted.reduce((rest, one) => rest.replaceAll(one, ""), line.replaceAll(/https?:\S+/g, ""));
}

function looseExceptions(
  exceptions: Exceptions,
  seen: ReadonlyMap<string, number>,
): readonly Finding[] {
  return Object.entries(exceptions.lengths).flatMap(([key, { lines, reason }]) => {
    const actual = seen.get(key);
    const message = objection({ key, lines, reason, actual });
    return message === undefined ? [] : [{ path: exceptionsPath, line: 1, message }];
  });
}

function objection(given: {
  readonly key: string;
  readonly lines: number;
  readonly reason: string;
  readonly actual: number | undefined;
}): string | undefined {
  const { key, lines, reason, actual } = given;
  if (actual === undefined) return `${key} is gone: remove its exception`;
  if (actual <= (key.includes("#") ? functionLinesMax : fileLinesMax)) {
    return `${key} is within the limit: remove its exception`;
  }
  if (actual < lines) return `${key} has shrunk to ${actual} lines: lower its exception`;
  return reason.trim() === "" ? `${key} needs a reason` : undefined;
}
