import type { Rule } from "../rule.ts";

/** Every export of a package says in a doc comment what it gives its caller. */
export const docComments: Rule = {
  name: "doc-comments",
  check(subject) {
    return subject.sources
      .filter(({ path }) => /^(packages|tools)\/[^/]+\/src\//.test(path))
      .flatMap((source) => {
        // Overloads share the first one's comment.
        const documented = new Set(
          source.exports.filter((one) => one.hasDocComment).map((one) => one.name),
        );
        return source.exports
          .filter((one) => !documented.has(one.name))
          .map(({ name, line }) => ({
            path: source.path,
            line,
            message: `${name} is exported without a doc comment: say what it gives its caller`,
          }));
      });
  },
};
