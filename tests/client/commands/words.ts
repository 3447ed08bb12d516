import assert from "node:assert/strict";

import { type ClientBroker } from "../src/index.ts";
import { runWords, type WordsResult } from "millrace/run-words";

/** Runs words of the command line on a broker. */
export function on(broker: ClientBroker) {
  return (words: string, given: Parameters<typeof runWords>[1] = {}): Promise<WordsResult> =>
    runWords(words.split(" "), {
      ...given,
      environment: { MILLRACE_BOOTSTRAP: broker.bootstrap, MILLRACE_CONTEXTS: "/nowhere" },
    });
}

/** What words print, which end well. */
export function printing(broker: ClientBroker) {
  return async (words: string, input?: string): Promise<string> => {
    const result = await on(broker)(words, input === undefined ? {} : { input });
    assert.equal(result.code, 0, `millrace ${words}: ${result.errors}`);
    return result.printed;
  };
}

/** What words print as JSON, which end well. */
export function printingJson(broker: ClientBroker) {
  return async (words: string): Promise<unknown> =>
    JSON.parse(await printing(broker)(`${words} -o json`)) as unknown;
}

/**
 * Repeats words until they fulfil a claim: what a broker was told, all of it knows a little later.
 */
export async function until<T>(ask: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const found = await ask();
    if (holds(found)) return found;
    assert.ok(tries < 100, `it did not come to hold: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
