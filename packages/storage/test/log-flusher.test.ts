import assert from "node:assert/strict";
import { test } from "node:test";
import { LogFlusher } from "../src/log-flusher.ts";

class TestLog {
  logEndOffset = 0;
  syncCount = 0;
  failure: unknown;
  readonly pending: { resolve: () => void; reject: (error: Error) => void }[] = [];

  syncFiles(): Promise<void> {
    this.syncCount += 1;
    return new Promise((resolve, reject) => this.pending.push({ resolve, reject }));
  }

  fail(error: unknown): void {
    this.failure = error;
  }

  afterThisTurn(action: () => void): void {
    queueMicrotask(action);
  }
}

async function turn(): Promise<void> {
  for (let step = 0; step < 10; step += 1) await Promise.resolve();
}

test("those who wait in one turn share a sync, those who come later the next", async () => {
  const log = new TestLog();
  const flusher = new LogFlusher(log, 0);
  log.logEndOffset = 10;
  const first = flusher.flush(5);
  const second = flusher.flush(10);
  await turn();
  log.logEndOffset = 30;
  const third = flusher.flush(30);
  const fourth = flusher.flush(20);
  await turn();
  assert.equal(log.syncCount, 1);
  log.pending[0]?.resolve();
  assert.equal(await first, 10);
  assert.equal(await second, 10);
  await turn();
  assert.equal(log.syncCount, 2);
  log.pending[1]?.resolve();
  assert.equal(await third, 30);
  assert.equal(await fourth, 30);
  assert.equal(await flusher.flush(30), 30);
  assert.equal(log.syncCount, 2, "what is durable needs no sync");
});

test("a failed sync fails everybody and is not tried again", async () => {
  const log = new TestLog();
  const flusher = new LogFlusher(log, 0);
  log.logEndOffset = 10;
  const waiting = [flusher.flush(5), flusher.flush(10)];
  await turn();
  const error = new Error("EIO");
  log.pending[0]?.reject(error);
  for (const each of waiting) await assert.rejects(each, error);
  assert.equal(log.failure, error);
  assert.equal(log.syncCount, 1);
  assert.equal(flusher.durableOffset, 0);
});

test("a sync that began before a truncation says nothing about what came after", async () => {
  const log = new TestLog();
  const flusher = new LogFlusher(log, 0);
  log.logEndOffset = 10;
  const waiting = flusher.flush(10);
  await turn();
  flusher.truncateTo(4);
  log.logEndOffset = 8;
  log.pending[0]?.resolve();
  assert.equal(await waiting, 0, "its batches are gone");
  assert.equal(flusher.durableOffset, 0);
});
