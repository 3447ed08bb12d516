import process from "node:process";
import { decodeFuzzFrame, FrameFuzzer, FuzzFailure } from "@millrace/protocol/samples";

/** How long to go on: whichever comes first. */
export interface FuzzExtent {
  readonly seed: number;
  readonly framesMax: number;
  readonly timeMsMax: number;
}

/** The clock is asked once in so many frames. */
const framesPerLook = 1024;

/** Hostile frames against the decoders, in this process; gives the exit code. */
export function fuzzDecoders({ seed, framesMax, timeMsMax }: FuzzExtent): number {
  const fuzzer = new FrameFuzzer(seed);
  const counts = { frames: 0, decoded: 0, refused: 0, sizeBytes: 0 };
  const began = performance.now();
  process.stdout.write(`fuzz: seed ${seed}, ${fuzzer.targetCount} versions of APIs\n`);
  try {
    while (counts.frames < framesMax) {
      if (counts.frames % framesPerLook === 0 && performance.now() - began > timeMsMax) break;
      decodeFuzzFrame(fuzzer.next(), counts);
    }
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error;
    const cause = error.cause instanceof Error ? (error.cause.stack ?? "") : String(error.cause);
    process.stdout.write(`✖ seed ${seed}, ${error.message}\n${cause}\n`);
    return 1;
  }
  const seconds = (performance.now() - began) / 1000;
  const rate = Math.round(counts.frames / seconds);
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
  process.stdout.write(
    `✔ ${counts.frames} frames in ${seconds.toFixed(1)} s (${rate}/s): ${counts.decoded} decoded, ` +
      `${counts.refused} refused, nothing else; ${memory} MiB resident\n`,
  );
  return 0;
}
