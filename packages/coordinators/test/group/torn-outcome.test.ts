import assert from "node:assert/strict";
import { test } from "node:test";

import { parseCommand } from "../transcript/command.ts";
import { requestOf } from "../transcript/requests.ts";
import { World } from "../transcript/world.ts";

// An outcome that may be split is cut off after any of its batches by a power failure or a full
// disk: those who stay must end with all of the work, without anybody's help.

const partitionCount = 6;

interface Client {
  epoch: number;
  owned: string;
}

/** Two members with all partitions between them; then one leaves, or a third one comes. */
class Members {
  readonly world = new World();
  readonly clients = new Map<string, Client>();

  async start(): Promise<void> {
    this.world.setTopic("t", partitionCount);
    await this.world.load();
    for (const name of ["a", "b"]) await this.beat(name);
    await this.goOn();
    assert.equal(this.ownedCount(), partitionCount);
  }

  async beat(name: string, words?: string): Promise<void> {
    const client = this.clients.get(name) ?? { epoch: 0, owned: "" };
    const joins = client.epoch === 0 ? " topics=t" : "";
    const said = words ?? `epoch=${client.epoch} owned=${client.owned}${joins}`;
    const command = parseCommand(`${name} beat g member=${name} ${said}`);
    const promise = this.world.shard.submit(requestOf(this.world, command));
    await this.world.settle();
    const reply = await promise;
    assert.ok(reply.kind === "consumer-heartbeat");
    if (reply.error !== "NONE" || reply.memberEpoch < 0) {
      this.clients.delete(name);
      return;
    }
    client.epoch = reply.memberEpoch;
    this.clients.set(name, client);
    if (reply.assignment === null) return;
    client.owned = reply.assignment.map(({ partitions }) => `t:${partitions.join("+")}`).join();
  }

  /** Heartbeats of all who are there, for less time than a session has. */
  async goOn(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      for (const name of this.clients.keys()) await this.beat(name);
      await this.world.advance(2000);
    }
  }

  ownedCount(): number {
    const parts = [...this.clients.values()].flatMap(({ owned }) => owned.split(/[:+]/));
    return parts.filter((part) => /^\d+$/.test(part)).length;
  }
}

const cases = [
  { what: "leaves", words: "epoch=-1", sizeBytesMax: 220 },
  { what: "comes", words: undefined, sizeBytesMax: 400 },
];

for (const { what, words, sizeBytesMax } of cases) {
  test(`everything is read when what is written as one ${what} is cut off`, async () => {
    for (let appends = 0; appends < 4; appends++) {
      const members = new Members();
      await members.start();
      members.world.tearNext(appends, sizeBytesMax);
      await members.beat(words === undefined ? "c" : "b", words);
      await members.world.mend();
      // Who was not heard is still there, and goes on.
      await members.goOn();
      const group = members.world.shard.state.groups.get("g");
      assert.ok(group?.kind === "consumer");
      const gone = [...group.members.keys()].filter((name) => !members.clients.has(name));
      if (gone.length === 0) {
        assert.equal(members.ownedCount(), partitionCount, `after ${appends} batches`);
      }
    }
  });
}
