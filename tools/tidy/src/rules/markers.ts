import type { Rule } from "../rule.ts";

/** No loose end lands: no fix-me at all, and a to-do only with the number of its issue. */
export const markers: Rule = {
  name: "markers",
  check(subject) {
    return subject.sources.flatMap((source) =>
      source.comments.flatMap(({ text, line }) => {
        if (/\bFIXME\b/.test(text)) {
          return [{ path: source.path, line, message: "FIXME never lands: mend it" }];
        }
        if (/\bTODO\b(?!\(#\d+\))/.test(text)) {
          return [{ path: source.path, line, message: "a TODO names its issue: TODO(#12)" }];
        }
        return [];
      }),
    );
  },
};
