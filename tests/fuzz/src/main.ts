/**
 * Hostile frames against the decoders, in this process, for a given count or time:
 *   npm run fuzz -- --frames 5000000
 *   npm run fuzz -- --seconds 60 --seed 7
 * Every frame must be decoded or refused with a typed error. The seed is printed: it gives the
 * same frames again.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { decodeFuzzFrame, FrameFuzzer, FuzzFailure } from "@millrace/protocol/samples";

const { values } = parseArgs({
  options: {
    frames: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string" },
  },
});
const framesDefault = 1_000_000;
/** The clock is asked once in so many frames. */
const framesPerLook = 1024;

const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const timeMaxMs = values.seconds === undefined ? Infinity : Number(values.seconds) * 1000;
const framesIfUntimed = values.seconds === undefined ? framesDefault : Infinity;
const frameCountMax = values.frames === undefined ? framesIfUntimed : Number(values.frames);
process.exitCode = fuzz();

function fuzz(): number {
  const fuzzer = new FrameFuzzer(seed);
  const counts = { frames: 0, decoded: 0, refused: 0, sizeBytes: 0 };
  const began = performance.now();
  process.stdout.write(`fuzz: seed ${seed}, ${fuzzer.targetCount} versions of APIs\n`);
  try {
    while (counts.frames < frameCountMax) {
      if (counts.frames % framesPerLook === 0 && performance.now() - began > timeMaxMs) break;
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
