import type { Repository } from "../repository.ts";
import type { Finding, Rule } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

const folder = "packages/broker/src/api/";

/** The one list of requests; ApiVersions answers from it and is added by it. */
const tablePaths = [`${folder}table.ts`, `${folder}api-table.ts`];

/**
 * Each request's file begins with its contract, which agrees with its name, with the versions it
 * declares, and with the one table.
 */
export const apiFiles: Rule = {
  name: "api-files",
  check({ repository, sources }) {
    const handlers = sources.filter(({ path }) => {
      return path.startsWith(folder) && /^\d\d-[a-z-]+\.ts$/.test(path.slice(folder.length));
    });
    return handlers.flatMap((source) => findingsOf(source, repository));
  },
};

function findingsOf(source: SourceFile, repository: Repository): readonly Finding[] {
  const messages: string[] = [];
  const name = source.path.slice(folder.length);
  const contract = /^\/\*\*(?:\n \*)? ([A-Za-z]+) \(key (\d+)\), versions? (\d+)(?:-(\d+))?:/m.exec(
    firstDocComment(source.text),
  );
  if (contract === null) {
    messages.push("begin its doc comment with ` * Name (key N), versions A-B: what it does`");
  } else {
    const [, , key, first, last = first] = contract;
    if (Number(name.slice(0, 2)) !== Number(key)) messages.push(`its contract says key ${key}`);
    const declared = /versions: "(\d+)(?:-(\d+))?"/.exec(source.text);
    const range = declared === null ? "none" : `${declared[1]}-${declared[2] ?? declared[1]}`;
    if (range !== `${first}-${last}`) {
      messages.push(`its contract says versions ${first}-${last}, the handler ${range}`);
    }
  }
  const tables = tablePaths.filter((path) => repository.has(path));
  if (tables.length > 0 && !tables.some((path) => repository.read(path).includes(`./${name}`))) {
    messages.push(`${tables.join(" or ")} does not list it`);
  }
  return messages.map((message) => ({ path: source.path, line: 1, message }));
}

/** The first doc comment that stands at the beginning of a line. */
function firstDocComment(text: string): string {
  const start = text.search(/^\/\*\*/m);
  return start < 0 ? "" : text.slice(start, text.indexOf("*/", start));
}
