import { readExceptions } from "./exceptions.ts";
import type { Repository } from "./repository.ts";
import type { Finding, Rule } from "./rule.ts";
import { apiFiles } from "./rules/api-files.ts";
import { docComments } from "./rules/doc-comments.ts";
import { documents } from "./rules/documents.ts";
import { errorCodes } from "./rules/error-codes.ts";
import { layers } from "./rules/layers.ts";
import { lengths } from "./rules/lengths.ts";
import { markers } from "./rules/markers.ts";
import { mirrorTest } from "./rules/mirror-test.ts";
import { parseSource } from "./source-file.ts";

/** Every rule, in the order of the report. */
export const rules: readonly Rule[] = [
  layers,
  mirrorTest,
  lengths,
  markers,
  docComments,
  errorCodes,
  apiFiles,
  documents,
];

/** A finding with the rule that made it. */
export interface NamedFinding extends Finding {
  readonly rule: string;
}

/** What the rules say of a repository, and how much they saw. */
export interface TidyReport {
  readonly findings: readonly NamedFinding[];
  readonly sourceCount: number;
}

/**
 * Runs every rule. A repository in which no source was seen is a finding: a blind check is worse
 * than none.
 */
export function tidy(repository: Repository): TidyReport {
  const sources = repository.paths
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .map((path) => parseSource(path, repository.read(path)));
  const exceptions = readExceptions(repository);
  const findings = rules.flatMap((rule) => {
    const found = rule.check({ repository, sources, exceptions });
    return found.map((finding) => ({ ...finding, rule: rule.name }));
  });
  if (sources.length === 0) {
    findings.push({ path: ".", line: 1, rule: "sight", message: "no TypeScript file was seen" });
  }
  return { findings, sourceCount: sources.length };
}
