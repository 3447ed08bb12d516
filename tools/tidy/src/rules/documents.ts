import { posix } from "node:path";
import type { Repository } from "../repository.ts";
import type { Finding, Rule } from "../rule.ts";

/** Documents have one title, package READMEs their three parts, and what they name exists. */
export const documents: Rule = {
  name: "documents",
  check({ repository }) {
    const pages = repository.paths.filter((path) => path.endsWith(".md"));
    return [
      ...pages.flatMap((path) => titleFindings(path, repository.read(path))),
      ...readmeFindings(repository),
      ...namedFileFindings(repository),
      ...decisionFindings(repository),
      ...pages.flatMap((path) => linkFindings(path, repository)),
    ];
  },
};

function titleFindings(path: string, text: string): readonly Finding[] {
  const titles = linesOutsideCode(text).filter(({ line }) => line.startsWith("# "));
  if (titles.length === 1) return [];
  const message = `${titles.length} titles (lines that begin with one #): a document has one`;
  return [{ path, line: titles[1]?.number ?? 1, message }];
}

function linesOutsideCode(text: string): readonly { line: string; number: number }[] {
  let isCode = false;
  return text.split("\n").flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) {
      isCode = !isCode;
      return [];
    }
    return isCode ? [] : [{ line, number: index + 1 }];
  });
}

const readmeParts = [
  { heading: /^## .*read first/im, what: 'a part "## Read first" with the files to begin with' },
  { heading: /^## .*invariants/im, what: 'a part "## Invariants"' },
];

function readmeFindings(repository: Repository): readonly Finding[] {
  const manifests = repository.paths.filter((path) =>
    /^packages\/[^/]+\/package\.json$/.test(path),
  );
  return manifests.flatMap((manifest) => {
    const path = manifest.replace("package.json", "README.md");
    if (!repository.has(path)) {
      return [{ path, line: 1, message: "write it: what for, ## Read first, ## Invariants" }];
    }
    const text = repository.read(path);
    const absent = readmeParts.filter(({ heading }) => !heading.test(text));
    return absent.map(({ what }) => ({ path, line: 1, message: `it lacks ${what}` }));
  });
}

function namedFileFindings(repository: Repository): readonly Finding[] {
  const path = "ARCHITECTURE.md";
  if (!repository.has(path)) return [{ path, line: 1, message: "there is none" }];
  return linesOutsideCode(repository.read(path)).flatMap(({ line, number }) => {
    const named = [...line.matchAll(/`((?:packages|tests|tools|docs|scripts)\/[^`\s]*)`/g)];
    return named.flatMap(([, name = ""]) => {
      const isPattern = /[*<{]|NN/.test(name);
      if (isPattern || repository.has(name)) return [];
      return [{ path, line: number, message: `${name} does not exist` }];
    });
  });
}

/** A link inside the repository leads somewhere. */
function linkFindings(path: string, repository: Repository): readonly Finding[] {
  return linesOutsideCode(repository.read(path)).flatMap(({ line, number }) => {
    const targets = [...line.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
    const lost = targets.filter((target) => {
      const isInside = !/^[a-z]+:/.test(target);
      return isInside && !repository.has(posix.join(posix.dirname(path), target));
    });
    return lost.map((target) => ({ path, line: number, message: `${target} does not exist` }));
  });
}

function decisionFindings(repository: Repository): readonly Finding[] {
  const index = "docs/decisions/README.md";
  const text = repository.has(index) ? repository.read(index) : "";
  const pages = repository.paths.filter((path) => /^docs\/decisions\/(?!README).+\.md$/.test(path));
  const numbers = new Map<string, string>();
  return pages.flatMap((path) => {
    const name = path.slice("docs/decisions/".length);
    const number = /^(\d{3})-[a-z0-9-]+\.md$/.exec(name)?.[1];
    if (number === undefined) {
      return [{ path, line: 1, message: "a decision's name is NNN-what-was-decided.md" }];
    }
    const other = numbers.get(number);
    numbers.set(number, path);
    if (other !== undefined) return [{ path, line: 1, message: `${other} has the same number` }];
    return text.includes(name) ? [] : [{ path, line: 1, message: `${index} does not list it` }];
  });
}
