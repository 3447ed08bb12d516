import type { Rule } from "../rule.ts";

const page = "docs/errors.md";

/** Every code of an error class has its row in docs/errors.md, and every row its class. */
export const errorCodes: Rule = {
  name: "error-codes",
  check(subject) {
    const text = subject.repository.has(page) ? subject.repository.read(page) : "";
    const rows = new Map<string, number>();
    for (const [index, line] of text.split("\n").entries()) {
      const code = /^\| `([A-Z][A-Z0-9_]*)`/.exec(line)?.[1];
      if (code !== undefined) rows.set(code, index + 1);
    }
    const used = new Set<string>();
    const findings = subject.sources
      .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
      .flatMap((source) =>
        source.text.split("\n").flatMap((line, index) => {
          const code = /\breadonly code(?::[^=]+)? = "([A-Z0-9_]+)"/.exec(line)?.[1];
          if (code === undefined) return [];
          used.add(code);
          if (rows.has(code)) return [];
          const message = `${code} has no row in ${page}: say what happened and what to do`;
          return [{ path: source.path, line: index + 1, message }];
        }),
      );
    const stale = [...rows].filter(([code]) => !used.has(code));
    return [
      ...findings,
      ...stale.map(([code, line]) => ({
        path: page,
        line,
        message: `no class has the code ${code}: remove the row`,
      })),
    ];
  },
};
