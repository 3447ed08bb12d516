import { Buffer } from "node:buffer";
import { NodeClock } from "@millrace/platform/node";
import { runCommandLine } from "../../src/command-line.ts";

/** What a run of the command came to. */
export interface WordsResult {
  readonly code: number;
  readonly printed: string;
  readonly errors: string;
}

/** Runs `millrace WORDS` in this process, as a pipe and not as a terminal. */
export async function runWords(
  words: readonly string[],
  given: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly input?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<WordsResult> {
  const printed: Uint8Array[] = [];
  const errors: string[] = [];
  const code = await runCommandLine(words, {
    environment: given.environment ?? {},
    clock: new NodeClock(),
    terminal: {
      isInputTerminal: false,
      isOutputTerminal: false,
      isErrorTerminal: false,
      columnCount: 100,
    },
    input: inputOf(given.input ?? ""),
    interruption: () => given.signal ?? new AbortController().signal,
    print: (text) => void printed.push(Buffer.from(text)),
    write: (bytes) => void printed.push(Uint8Array.from(bytes)),
    printError: (text) => void errors.push(text),
  });
  return { code, printed: Buffer.concat(printed).toString(), errors: errors.join("") };
}

// oxlint-disable-next-line require-await -- an input stream that has everything at once
async function* inputOf(text: string): AsyncGenerator<Uint8Array> {
  if (text !== "") yield Buffer.from(text);
}
