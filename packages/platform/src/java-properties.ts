/** One `key=value` of a properties file. */
export interface PropertyLine {
  readonly key: string;
  readonly value: string;
  /** The number of the line where it begins, from 1. */
  readonly lineNumber: number;
}

/** What a properties file holds, in the order of the file, and where it is not well formed. */
export interface PropertiesContent {
  readonly lines: readonly PropertyLine[];
  readonly faults: readonly PropertiesFault[];
}

/** A place that cannot be read. */
export interface PropertiesFault {
  readonly lineNumber: number;
  /** A whole sentence. */
  readonly message: string;
}

/**
 * Reads the format of java.util.Properties: `#` and `!` comments; `=`, `:` or white space after
 * the key; a backslash at the end of a line joins it with the next; escapes \t \n \r \f \uXXXX,
 * and any other character after a backslash stands for itself.
 */
export function parseProperties(text: string): PropertiesContent {
  const lines: PropertyLine[] = [];
  const faults: PropertiesFault[] = [];
  for (const { content, lineNumber } of logicalLines(text)) {
    const keyEnd = endOfKey(content);
    try {
      const key = unescape(content.slice(0, keyEnd));
      const value = unescape(content.slice(startOfValue(content, keyEnd)));
      lines.push({ key, value, lineNumber });
    } catch (error) {
      if (!(error instanceof MalformedEscape)) throw error;
      faults.push({ lineNumber, message: error.message });
    }
  }
  return { lines, faults };
}

class MalformedEscape extends Error {}

interface LogicalLine {
  readonly content: string;
  readonly lineNumber: number;
}

/** Joins continued lines, and leaves out comments and blank lines. */
function* logicalLines(text: string): Generator<LogicalLine> {
  const natural = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  let joined: string | undefined;
  let firstLineNumber = 0;
  for (const [index, line] of natural.entries()) {
    const trimmed = line.replace(/^[ \t\f]+/, "");
    if (joined === undefined) {
      if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith("!")) continue;
      firstLineNumber = index + 1;
    }
    const isContinued = countTrailingBackslashes(trimmed) % 2 === 1;
    joined = (joined ?? "") + (isContinued ? trimmed.slice(0, -1) : trimmed);
    if (isContinued) {
      // As in Java, a backslash alone continues nothing: the next line may be blank or a comment.
      if (joined === "") joined = undefined;
      continue;
    }
    yield { content: joined, lineNumber: firstLineNumber };
    joined = undefined;
  }
  // The file ends after a backslash: what was gathered is the last line.
  if (joined !== undefined) yield { content: joined, lineNumber: firstLineNumber };
}

function countTrailingBackslashes(line: string): number {
  return line.length - line.replace(/\\+$/, "").length;
}

/** The position after the key: the first separator without a backslash before it. */
function endOfKey(content: string): number {
  for (let position = 0; position < content.length; position++) {
    const character = content.charAt(position);
    if (character === "\\") position++;
    else if ("=: \t\f".includes(character)) return position;
  }
  return content.length;
}

/** Skips white space, at most one `=` or `:`, and white space again. */
function startOfValue(content: string, keyEnd: number): number {
  const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(content.slice(keyEnd));
  return keyEnd + (separator?.[0].length ?? 0);
}

const simpleEscapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(u.{0,4}|[^]?)/g, (_, escape: string) => {
    if (!escape.startsWith("u")) return simpleEscapes[escape] ?? escape;
    if (!/^u[0-9a-fA-F]{4}$/.test(escape)) {
      throw new MalformedEscape(`\\${escape} is not a character; expected \\u and four hex digits`);
    }
    return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  });
}
