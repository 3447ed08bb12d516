import { FilterError } from "./record-filter.ts";

/**
 * Runs a jq program over lines of JSON, in WebAssembly: it sees nothing of this machine.
 * @returns its outputs, a line each
 * @throws FilterError what jq says of the program or of a record
 */
export async function runJq(program: string, lines: string): Promise<Buffer> {
  const { raw } = await import("jq-wasm");
  try {
    const output = await raw(lines, program, ["-c"]);
    return Buffer.from(output === "" ? "" : `${output}\n`);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new FilterError(`--jq: ${said.replace("Failed to execute raw query: ", "")}`, { cause });
  }
}
