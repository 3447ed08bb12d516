const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const wholePattern = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/u;
const partPattern = /(\d+(?:\.\d+)?)(ms|[smhdw])/gu;

/** Reads `90s`, `1h30m`, `1.5d`; undefined when it is not of that form. Milliseconds. */
export function parseDuration(text: string): number | undefined {
  if (!wholePattern.test(text)) return undefined;
  let sumMs = 0;
  for (const [, count = "", unit = ""] of text.matchAll(partPattern)) {
    sumMs += Number(count) * (unitMs[unit] ?? 0);
  }
  return Math.round(sumMs);
}
