/**
 * Hostile input for a given count or time:
 *   npm run fuzz -- --frames 5000000              frames against the decoders, in this process
 *   npm run fuzz -- --seconds 60 --seed 7
 *   npm run fuzz -- --socket --seconds 600        frames over sockets against a broker's process
 *   npm run fuzz -- --guarded --seconds 600       the same against listeners with TLS and SASL
 * Every frame must be decoded or refused with a typed error; the broker must stay alive and answer
 * a well-formed request after each burst. The seed is printed: it gives the same frames again.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { fuzzDecoders } from "./decoder-fuzz.ts";
import { describeGuardedFuzz, GuardedFuzz } from "./guarded-fuzz.ts";
import { describeSocketFuzz, SocketFuzz } from "./socket-fuzz.ts";

const { values } = parseArgs({
  options: {
    frames: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string" },
    socket: { type: "boolean", default: false },
    guarded: { type: "boolean", default: false },
  },
});
const framesDefault = values.socket || values.guarded ? 20_000 : 1_000_000;

const extent = {
  seed: Number(values.seed ?? Date.now() % 2 ** 32),
  timeMsMax: values.seconds === undefined ? Infinity : Number(values.seconds) * 1000,
  framesMax: Number(values.frames ?? (values.seconds === undefined ? framesDefault : Infinity)),
};
process.exitCode = values.socket || values.guarded ? await fuzzSockets() : fuzzDecoders(extent);

async function fuzzSockets(): Promise<number> {
  process.stdout.write(`fuzz over sockets: seed ${extent.seed}\n`);
  try {
    const said = values.guarded
      ? describeGuardedFuzz(await GuardedFuzz.run(extent))
      : describeSocketFuzz(await SocketFuzz.run(extent));
    process.stdout.write(`✔ ${said}\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`✖ seed ${extent.seed}: ${String(error)}\n`);
    return 1;
  }
}
