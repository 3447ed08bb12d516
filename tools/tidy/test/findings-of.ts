import type { Exceptions } from "../src/exceptions.ts";
import { noExceptions } from "../src/exceptions.ts";
import { repositoryOfTexts } from "../src/repository.ts";
import type { Rule } from "../src/rule.ts";
import { parseSource } from "../src/source-file.ts";

/** What a rule says of a repository made of texts, as `path:line message`. */
export function findingsOf(
  rule: Rule,
  texts: Readonly<Record<string, string>>,
  exceptions: Partial<Exceptions> = {},
): readonly string[] {
  const repository = repositoryOfTexts(texts);
  const sources = repository.paths
    .filter((path) => path.endsWith(".ts"))
    .map((path) => parseSource(path, repository.read(path)));
  const findings = rule.check({
    repository,
    sources,
    exceptions: { ...noExceptions, ...exceptions },
  });
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
}

/** A workspace's package.json. */
export function manifest(name: string, dependencies: readonly string[] = []): string {
  const versions = Object.fromEntries(dependencies.map((one) => [one, "0.1.0"]));
  return JSON.stringify({ name, dependencies: versions });
}
