import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files that a rule looks at: those that git tracks or would track. */
export interface Repository {
  /** Paths from the top folder, with `/`, sorted. */
  readonly paths: readonly string[];
  /** A file's text. */
  read(path: string): string;
  /** Whether a file of that path is there, or a folder with files in it. */
  has(path: string): boolean;
}

/** The repository in a folder. */
export function repositoryAt(root: string): Repository {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  // A file that was deleted and is not committed yet is still listed.
  const paths = listed.filter((path) => path !== "" && existsSync(join(root, path))).sort();
  return repositoryOf(paths, (path) => readFileSync(join(root, path), "utf8"));
}

/** A repository made of texts, for tests of rules. */
export function repositoryOfTexts(texts: Readonly<Record<string, string>>): Repository {
  return repositoryOf(Object.keys(texts).sort(), (path) => texts[path] ?? "");
}

function repositoryOf(paths: readonly string[], load: (path: string) => string): Repository {
  const texts = new Map<string, string>();
  const known = new Set(paths);
  for (const path of paths) {
    const parts = path.split("/");
    for (let count = 1; count < parts.length; count += 1)
      known.add(parts.slice(0, count).join("/"));
  }
  return {
    paths,
    has: (path) => known.has(path.replace(/\/$/, "")),
    read: (path) => {
      const text = texts.get(path) ?? load(path);
      texts.set(path, text);
      return text;
    },
  };
}
