import assert from "node:assert/strict";
import { once } from "node:events";
import { Socket } from "node:net";
import { test } from "node:test";
import { SlicedWriter } from "../../src/node/sliced-writer.ts";

/** A socket whose kernel takes what was written when the test says so. */
class SlowSocket extends Socket {
  readonly sizes: number[] = [];
  readonly taken: Buffer[] = [];
  #done: ((error?: Error) => void) | undefined;

  constructor() {
    super();
    // The methods of the stream are looked up on the object.
    this._write = (bytes: Buffer, _encoding, done) => this.#take([bytes], done);
    this._writev = (pieces, done) =>
      this.#take(
        pieces.map(({ chunk }: { chunk: Buffer }) => chunk),
        done,
      );
    this._final = (done) => done();
  }

  /** The kernel has all of it. */
  complete(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }

  #take(pieces: readonly Buffer[], done: (error?: Error) => void): void {
    const bytes = Buffer.concat(pieces);
    this.sizes.push(bytes.length);
    this.taken.push(bytes);
    this.#done = done;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a large answer is encrypted slice by slice, each after the one before it has left", async () => {
  const socket = new SlowSocket();
  let drains = 0;
  const writer = new SlicedWriter(socket, () => (drains += 1));
  const answer = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  assert.equal(writer.write([answer.subarray(0, 10), answer.subarray(10)]), false);
  assert.equal(writer.queuedBytes(), 100_000);
  writer.write([Buffer.from("end")]);
  while (writer.queuedBytes() > 0) {
    assert.equal(drains, 0);
    socket.complete();
    await turn();
  }
  assert.deepEqual(socket.sizes, [32_768, 32_768, 32_768, 1699]);
  assert.deepEqual(Buffer.concat(socket.taken), Buffer.concat([answer, Buffer.from("end")]));
  assert.equal(drains, 1);
});

test("a small answer leaves at once", () => {
  const socket = new SlowSocket();
  const writer = new SlicedWriter(socket, () => {});
  assert.equal(writer.write([Buffer.from("he"), Buffer.alloc(0), Buffer.from("llo")]), true);
  assert.deepEqual(String(Buffer.concat(socket.taken)), "hello");
});

test("an end waits for what is queued, and nothing is taken after it", async () => {
  const socket = new SlowSocket();
  const writer = new SlicedWriter(socket, () => {});
  writer.write([Buffer.alloc(40_000)]);
  writer.end();
  writer.write([Buffer.from("late")]);
  assert.equal(socket.writableEnded, false);
  socket.complete();
  await turn();
  assert.equal(socket.writableEnded, true);
  const finished = once(socket, "finish");
  socket.complete();
  await finished;
  assert.deepEqual(socket.sizes, [32_768, 7232]);
});

test("a failed write forgets what is queued", async () => {
  const socket = new SlowSocket();
  const writer = new SlicedWriter(socket, () => assert.fail("nothing was sent"));
  const failed = once(socket, "error");
  writer.write([Buffer.alloc(40_000)]);
  socket.complete(new Error("EPIPE"));
  await failed;
  await turn();
  assert.equal(writer.queuedBytes(), 0);
});
