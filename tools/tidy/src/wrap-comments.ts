import { lineWidthMax } from "./rules/lengths.ts";

/**
 * Breaks comment lines that are too wide, which the formatter leaves alone. Code, addresses and
 * tables stay as they are; what follows a list's mark is set in under its text.
 */
export function wrapComments(text: string): string {
  return text
    .split("\n")
    .flatMap((line) => (line.length > lineWidthMax ? wrapLine(line) : [line]))
    .join("\n");
}

function wrapLine(line: string): readonly string[] {
  const oneLine = /^(\s*)\/\*\* (.*) \*\/$/.exec(line);
  if (oneLine !== null) {
    const [, indent = "", content = ""] = oneLine;
    return [`${indent}/**`, ...wrapWords(`${indent} * `, content), `${indent} */`];
  }
  const match = /^(\s*(?:\/\/|\*) +)(\S.*)$/.exec(line);
  const [, prefix = "", content = ""] = match ?? [];
  const isFixed = match === null || /https?:\/\/|^[|@]|\*\/$/.test(content);
  return isFixed ? [line] : wrapWords(prefix, content);
}

function wrapWords(prefix: string, content: string): readonly string[] {
  const hanging = /^(- |\d+\. )/.exec(content)?.[0].length ?? 0;
  const lines: string[] = [];
  let current = prefix;
  for (const word of content.split(" ")) {
    const isStart = current.trimEnd() === prefix.trimEnd();
    if (!isStart && current.length + 1 + word.length > lineWidthMax) {
      lines.push(current);
      current = prefix + " ".repeat(hanging) + word;
    } else {
      current += isStart ? word : ` ${word}`;
    }
  }
  return [...lines, current];
}
