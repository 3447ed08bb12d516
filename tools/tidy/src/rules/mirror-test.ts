import { exceptionsPath } from "../exceptions.ts";
import type { Finding, Rule, Subject } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

/** Each source with code has its test at the mirrored path, or a reason why not. */
export const mirrorTest: Rule = {
  name: "mirror-test",
  check(subject) {
    const used = new Set<string>();
    const findings = subject.sources.flatMap((source): readonly Finding[] => {
      const match = /^((?:packages|tools)\/[^/]+)\/src\/(.+)\.ts$/.exec(source.path);
      const [, folder, inside] = match ?? [];
      if (folder === undefined || inside === undefined || !computes(source)) return [];
      if (inside === "main" || inside.endsWith(".d")) return [];
      const mirror = `${folder}/test/${inside}.test.ts`;
      const exception = exceptionFor(source.path, subject);
      if (exception !== undefined) used.add(exception);
      if (subject.repository.has(mirror) || exception !== undefined) return [];
      const message = `write ${mirror}, or give the reason in ${exceptionsPath}`;
      return [{ path: source.path, line: 1, message }];
    });
    return [...findings, ...unusedExceptions(subject, used)];
  },
};

/**
 * Types, re-exports, tables of constants and error classes do nothing that a test could ask for.
 */
function computes(source: SourceFile): boolean {
  return source.functions.some((one) => one.name !== "constructor");
}

function exceptionFor(path: string, subject: Subject): string | undefined {
  return Object.keys(subject.exceptions.withoutMirrorTest).find((key) => {
    return key.endsWith("/") ? path.startsWith(key) : path === key;
  });
}

function unusedExceptions(subject: Subject, used: ReadonlySet<string>): readonly Finding[] {
  return Object.entries(subject.exceptions.withoutMirrorTest).flatMap(([key, reason]) => {
    if (!used.has(key)) {
      return [{ path: exceptionsPath, line: 1, message: `${key} names no source: remove it` }];
    }
    return reason.trim() === ""
      ? [{ path: exceptionsPath, line: 1, message: `${key} needs a reason` }]
      : [];
  });
}
