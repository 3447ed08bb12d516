/**
 * Puts in place what the foreign clients need; each line on standard output is something missing.
 */
import process from "node:process";
import { prepare } from "./prepare.ts";

const missing = await prepare((text) => void process.stderr.write(`conformance: ${text}\n`));
for (const [need, reason] of Object.entries(missing)) {
  process.stdout.write(`${need}: ${reason}\n`);
}
