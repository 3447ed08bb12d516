/** A frame: its function, and in the next line its place. */
const framePattern = /^(\S+?)\([^()]*\)\n\t\S*\/(\S+:\d+)/gm;

/** So many from the outermost on: how the program came there, and where it entered a library. */
const framesMax = 8;

/**
 * Says in a few lines what a Go program was at when it was told to quit: of each goroutine that
 * runs the program's own code, its state and where it stands, innermost first, without the
 * runtime's frames. Those that stand at the same place are one line.
 */
export function describeGoroutines(dump: string): string {
  const counts = new Map<string, number>();
  for (const block of dump.split(/\n\n+/)) {
    const state = /^goroutine \d+.*?\[([^\]]+)\]:$/m.exec(block)?.[1];
    if (state === undefined || !/^main\./m.test(block)) continue;
    const frames = [...block.matchAll(framePattern)]
      .filter(([, name]) => name?.startsWith("runtime.") === false)
      .map(([, name, place]) => `${name} (${place})`);
    const line = `[${state}] ${frames.slice(-framesMax).join(" < ")}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `  ${count} × ${line}`).join("\n");
}
