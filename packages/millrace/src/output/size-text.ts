const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** A size for a person: `512 B`, `1.5 MiB`; `-` for none. */
export function sizeText(sizeBytes: bigint | number | undefined): string {
  if (sizeBytes === undefined) return "-";
  let size = Number(sizeBytes);
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
