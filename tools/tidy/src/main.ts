import { dirname } from "node:path";
import process from "node:process";
import { repositoryAt } from "./repository.ts";
import { tidy } from "./tidy.ts";

const root = dirname(dirname(dirname(import.meta.dirname)));
const { findings, sourceCount } = tidy(repositoryAt(root));
for (const { path, line, rule, message } of findings) {
  process.stdout.write(`${path}:${line}: ${message} [${rule}]\n`);
}
process.stdout.write(`${sourceCount} sources seen, ${findings.length} findings\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
