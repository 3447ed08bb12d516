/** Prints every finding; with `--write` it first breaks the comment lines that are too wide. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { repositoryAt } from "./repository.ts";
import { tidy } from "./tidy.ts";
import { wrapComments } from "./wrap-comments.ts";

const root = dirname(dirname(dirname(import.meta.dirname)));
if (process.argv.includes("--write")) writeWrapped();

const { findings, sourceCount } = tidy(repositoryAt(root));
const lines = findings.map(
  ({ path, line, rule, message }) => `${path}:${line}: ${message} [${rule}]`,
);
lines.push(`${sourceCount} sources seen, ${findings.length} findings`);
process.stdout.write(`${lines.join("\n")}\n`);
process.exitCode = findings.length > 0 ? 1 : 0;

function writeWrapped(): void {
  for (const path of repositoryAt(root).paths.filter((one) => one.endsWith(".ts"))) {
    const before = readFileSync(join(root, path), "utf8");
    const after = wrapComments(before);
    if (after !== before) writeFileSync(join(root, path), after);
  }
}
