import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "@millrace/conformance/harness";

const sources = fileURLToPath(new URL("../go", import.meta.url));

/** The first build compiles the client library too. */
const buildMsMax = 300_000;

/**
 * Builds a program of `go/` for this run and gives its path.
 * @throws Error with what the compiler said.
 */
export async function goProgram(name: "load" | "reader" | "members"): Promise<string> {
  const binary = join(mkdtempSync(join(tmpdir(), "millrace-go-")), name);
  const words = ["go", "build", "-o", binary, `./${name}`];
  const result = await runProgram(words, { cwd: sources, timeoutMs: buildMsMax });
  if (result.status !== 0) throw new Error(`go build: ${result.stderr}`);
  return binary;
}
