/** A command of a transcript: who says what to which group, with options by name. */
export interface Command {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** Reads a command: words, and name=value pairs. */
export function parseCommand(line: string): Command {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const token of line.trim().split(/\s+/)) {
    const equals = token.indexOf("=");
    if (equals > 0) options.set(token.slice(0, equals), token.slice(equals + 1));
    else words.push(token);
  }
  return { words, options };
}
