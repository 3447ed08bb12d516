import { batchHeader, isBatchCrcValid, readRecords } from "@millrace/protocol";
import type { SimRandom } from "@millrace/platform/sim";
import type { PartitionLog } from "@millrace/storage";
import { producersOf } from "./batches.ts";
import type { Machine } from "./machine.ts";
import { describeBatch, endOf, type ModelBatch, type ModelLog } from "./model-log.ts";
import { expect, Violation } from "./violation.ts";

/** How the process before this one ended. */
export type Ending = "kill" | "powerLoss" | "close";

/** A log to be judged. */
interface Judged {
  readonly machine: Machine;
  readonly model: ModelLog;
  readonly log: PartitionLog;
  readonly random: SimRandom;
}

/**
 * Judges what a start found of one log against what was promised before it, and makes the model
 * follow: what survived beyond the promises is now as good as the rest.
 */
export async function verifyStart(judged: Judged, ending: Ending): Promise<void> {
  const { machine, model, log } = judged;
  const { name } = model;
  const { logStartOffset } = log;
  expect(
    logStartOffset <= model.logStartOffsetMax,
    `${name}: starts at ${logStartOffset}, nothing after ${model.logStartOffsetMax} was deleted`,
  );
  if (ending === "close") {
    expect(logStartOffset >= model.logStartOffset, `${name}: its start moved at a clean stop`);
  }
  verifyTopicId(model, log);
  const range = { offset: logStartOffset, isolation: "end", maxBytes: 20_000 } as const;
  const found = splitBatches(name, await machine.read(log, range));
  const history = historyOf(model, found, { ending, logStartOffset, endOffset: log.logEndOffset });
  model.restartWith(history, logStartOffset);
  // The leader of a one-replica topic shows at once what it found: from now on it may not vanish.
  model.see(log.advanceHighWatermark(log.visibleEndOffset));
  await verifyLog(judged);
}

/** A log made by a process that was stopped in it may lack its id; it is given one later. */
function verifyTopicId(model: ModelLog, log: PartitionLog): void {
  const isLate = log.topicId === undefined && (model.hasLateId || model.ackedEndOffset === 0);
  expect(isLate || log.topicId === model.topicId, `${model.name}: its topic id is ${log.topicId}`);
  if (isLate) model.hasLateId = true;
}

/** Judges a log against its model, which agree on where it starts and ends. */
export async function verifyLog(judged: Judged): Promise<void> {
  const { model, log } = judged;
  expect(
    log.logEndOffset === Math.max(model.endOffset, log.logStartOffset),
    `${model.name}: ends at ${log.logEndOffset}, not ${model.endOffset}`,
  );
  expect(
    log.logStartOffset <= log.highWatermark && log.highWatermark <= log.logEndOffset,
    `${model.name}: high watermark ${log.highWatermark} outside of the log`,
  );
  expect(log.durableOffset <= log.logEndOffset, `${model.name}: more is durable than there is`);
  verifyEpochs(judged);
  verifyProducers(judged);
  await verifyReads(judged);
  await verifyTimestamps(judged);
  await verifyTransactions(judged);
}

/** The batches of a read, each whole and with a right checksum. */
function splitBatches(name: string, bytes: Buffer): readonly ModelBatch[] {
  const batches: ModelBatch[] = [];
  for (let at = 0; at < bytes.length; ) {
    const sizeBytes = batchHeader.sizeBytes(bytes, at);
    expect(at + sizeBytes <= bytes.length, `${name}: a read ends inside a batch`);
    expect(isBatchCrcValid(bytes, at), `${name}: a batch with a wrong checksum is served`);
    batches.push(describeBatch(bytes.subarray(at, at + sizeBytes), false));
    at += sizeBytes;
  }
  return batches;
}

interface FoundLog {
  readonly ending: Ending;
  readonly logStartOffset: number;
  readonly endOffset: number;
}

/** The history that the found batches are a beginning of; everything promised is in it. */
function historyOf(
  model: ModelLog,
  found: readonly ModelBatch[],
  log: FoundLog,
): readonly ModelBatch[] {
  const { inFlight } = model;
  const current = [...model.batches];
  if (inFlight !== undefined && batchHeader.baseOffset(inFlight, 0) === model.endOffset) {
    current.push(describeBatch(inFlight, true));
  }
  const reasons: string[] = [];
  const candidates = [current, ...(log.ending === "powerLoss" ? model.earlier : [])];
  for (const candidate of candidates) {
    const reason = whyNotBeginningOf(candidate, found, log);
    if (reason === undefined) {
      const requiredEnd = requiredEndOffset(model, candidate, log.ending);
      expect(
        log.endOffset >= requiredEnd,
        `${model.name}: ends at ${log.endOffset} after ${log.ending}, before ${requiredEnd} which ` +
          `was promised (acknowledged ${model.ackedEndOffset}, seen ${model.seenEndOffset})`,
      );
      return candidate.filter((batch) => batch.lastOffset < log.endOffset);
    }
    reasons.push(reason);
  }
  throw new Violation(`${model.name} after ${log.ending}: ${reasons.join("; or ")}`);
}

function requiredEndOffset(
  model: ModelLog,
  candidate: readonly ModelBatch[],
  ending: Ending,
): number {
  const promised = Math.max(model.ackedEndOffset, model.seenEndOffset);
  // A killed process leaves all that its appends wrote to the page cache.
  const required = ending === "powerLoss" ? promised : endOf(model.batches);
  return Math.min(required, endOf(candidate), model.truncatingTo ?? required);
}

function whyNotBeginningOf(
  history: readonly ModelBatch[],
  found: readonly ModelBatch[],
  log: FoundLog,
): string | undefined {
  const expected = history.filter(
    (batch) => batch.lastOffset >= log.logStartOffset && batch.lastOffset < log.endOffset,
  );
  for (const [index, batch] of found.entries()) {
    const wanted = expected[index];
    if (wanted === undefined) return `offset ${batch.baseOffset} was never appended`;
    if (!wanted.bytes.equals(batch.bytes)) {
      return `at offset ${wanted.baseOffset} is another batch (${batch.baseOffset})`;
    }
  }
  if (expected.length > found.length) return `offset ${expected[found.length]?.baseOffset} is gone`;
  const end = found.at(-1)?.lastOffset;
  if (end !== undefined && end + 1 !== log.endOffset)
    return `the end ${log.endOffset} is no batch's`;
  return undefined;
}

/** Batches that lie wholly or in part in the log. */
function batchesIn(judged: Judged): readonly ModelBatch[] {
  const { model, log } = judged;
  return model.batches.filter((batch) => batch.lastOffset >= log.logStartOffset);
}

function verifyEpochs(judged: Judged): void {
  const { model, log } = judged;
  for (const batch of batchesIn(judged)) {
    if (batch.lastOffset < model.epochsKnownFrom) continue;
    const offset = Math.max(batch.baseOffset, log.logStartOffset, model.epochsKnownFrom);
    const epoch = log.leaderEpochForOffset(offset);
    expect(
      epoch === batch.leaderEpoch,
      `${model.name}: epoch ${epoch} at offset ${offset}, written in ${batch.leaderEpoch}`,
    );
  }
}

function verifyProducers(judged: Judged): void {
  const { model, log } = judged;
  const actual = new Map(log.activeProducers().map((one) => [one.producerId, one]));
  const dataSince = new Set<bigint>();
  for (const { producer, marker } of batchesIn(judged)) {
    if (producer !== undefined && marker === undefined) dataSince.add(producer.producerId);
  }
  for (const outlook of producersOf(model.batches).values()) {
    // What lies before the log's start, a rebuilt state may have forgotten, as Kafka's does.
    if (!dataSince.has(outlook.producerId)) continue;
    const found = actual.get(outlook.producerId);
    const name = `${model.name}: producer ${outlook.producerId}`;
    expect(found !== undefined, `${name} is forgotten`);
    expect(
      found.producerEpoch === outlook.producerEpoch,
      `${name} has epoch ${found.producerEpoch}, not ${outlook.producerEpoch}`,
    );
    expect(
      outlook.recent.length === 0 || found.lastSequence === outlook.nextSequence - 1,
      `${name} has sequence ${found.lastSequence}, not ${outlook.nextSequence - 1}`,
    );
    const first = outlook.transactionFirstOffset;
    expect(
      found.currentTransactionStartOffset === first ||
        (first >= 0 && first < log.logStartOffset && found.currentTransactionStartOffset >= -1),
      `${name}: transaction since ${found.currentTransactionStartOffset}, not ${first}`,
    );
  }
}

async function verifyReads(judged: Judged): Promise<void> {
  const { machine, model, log, random } = judged;
  const batches = batchesIn(judged);
  if (batches.length === 0) return;
  for (let count = 0; count < 6; count += 1) {
    const index = random.nextInt(batches.length);
    const batch = random.pick(batches.slice(index, index + 1));
    const inside = batch.lastOffset - batch.baseOffset + 1;
    const offset = Math.max(log.logStartOffset, batch.baseOffset + random.nextInt(inside));
    const maxBytes = random.pick([1, 500, 5000]);
    const pending = log.read({ offset, maxBytes, minOneBatch: true, isolation: "end" });
    const outcome = pending instanceof Promise ? await machine.settle(pending) : pending;
    expect(outcome.kind === "read", `${model.name}: reading at ${offset} was refused`);
    const bytes = Buffer.concat(outcome.chunks);
    outcome.release();
    const wanted = Buffer.concat(batches.slice(index).map((one) => one.bytes));
    expect(bytes.length >= batch.bytes.length, `${model.name}: a read at ${offset} gave nothing`);
    expect(
      wanted.subarray(0, bytes.length).equals(bytes),
      `${model.name}: a read at ${offset} gave other bytes than batch ${batch.baseOffset}`,
    );
  }
}

async function verifyTimestamps(judged: Judged): Promise<void> {
  const { machine, model, log, random } = judged;
  const batches = batchesIn(judged);
  if (batches.length === 0) return;
  const { bytes } = random.pick(batches);
  const timestampMs = batchHeader.maxTimestamp(bytes, 0) - random.nextInt(3000);
  const found = await machine.settle(log.offsetForTimestamp(timestampMs, "end"));
  let wanted = -1;
  for (const batch of batches) {
    if (wanted >= 0) break;
    for (const record of readRecords(batch.bytes, 0)) {
      const offset = Number(record.offset);
      if (offset < log.logStartOffset || Number(record.timestamp) < timestampMs) continue;
      wanted = offset;
      break;
    }
  }
  expect(
    found.offset === wanted,
    `${model.name}: time ${timestampMs} is at offset ${wanted}, the log says ${found.offset}`,
  );
}

async function verifyTransactions(judged: Judged): Promise<void> {
  const { machine, model, log } = judged;
  const open = [...producersOf(model.batches).values()]
    .map((outlook) => outlook.transactionFirstOffset)
    .filter((offset) => offset >= log.logStartOffset);
  const stable = open.length === 0 ? undefined : Math.min(...open);
  if (stable !== undefined) {
    expect(
      log.lastStableOffset <= stable,
      `${model.name}: last stable offset ${log.lastStableOffset}, a transaction began at ${stable}`,
    );
  }
  const offset = log.logStartOffset;
  const maxBytes = 1_000_000;
  const pending = log.read({ offset, maxBytes, minOneBatch: true, isolation: "lastStable" });
  const outcome = pending instanceof Promise ? await machine.settle(pending) : pending;
  expect(outcome.kind === "read", `${model.name}: a committed read was refused`);
  const told = new Set(
    (outcome.abortedTransactions ?? []).map((one) => `${one.producerId}@${one.firstOffset}`),
  );
  outcome.release();
  for (const aborted of abortedIn(model.batches)) {
    const isRead = aborted.firstOffset < outcome.endOffset && aborted.firstOffset >= offset;
    if (!isRead) continue;
    const name = `${aborted.producerId}@${aborted.firstOffset}`;
    expect(told.has(name), `${model.name}: aborted transaction ${name} is not told to readers`);
    told.delete(name);
  }
  for (const one of outcome.abortedTransactions ?? []) {
    if (!told.has(`${one.producerId}@${one.firstOffset}`) || one.firstOffset < offset) continue;
    // A transaction that began before the log's start seems to begin later to who replays the rest.
    const isCut = abortedIn(model.batches).some(
      ({ producerId, firstOffset, markerOffset }) =>
        producerId === one.producerId && firstOffset < offset && markerOffset > one.firstOffset,
    );
    expect(
      isCut,
      `${model.name}: ${one.producerId}@${one.firstOffset} was not aborted, readers are told so`,
    );
  }
}

interface AbortedInModel {
  readonly producerId: bigint;
  readonly firstOffset: number;
  readonly markerOffset: number;
}

function abortedIn(batches: readonly ModelBatch[]): readonly AbortedInModel[] {
  const aborted: AbortedInModel[] = [];
  const open = new Map<bigint, number>();
  for (const { producer, marker, baseOffset } of batches) {
    if (producer === undefined) continue;
    const { producerId, isTransactional } = producer;
    const firstOffset = open.get(producerId);
    if (marker !== undefined) {
      if (marker === "ABORT" && firstOffset !== undefined) {
        aborted.push({ producerId, firstOffset, markerOffset: baseOffset });
      }
      open.delete(producerId);
    } else if (isTransactional && firstOffset === undefined) {
      open.set(producerId, baseOffset);
    }
  }
  return aborted;
}
