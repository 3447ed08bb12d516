import { Client, string } from "@millrace/client";

import { topics } from "../events.ts";
import type { Reading } from "./reading.ts";
import { report, wordsOf } from "./reporter.ts";

/** How a share consumer says that it is done with a record. */
export type Acknowledgement = "implicit" | "explicit";

/** Accepts each record of a share group once. */
export async function shareRecords(
  reading: Omit<Reading, "protocol">,
  acknowledgement: Acknowledgement,
): Promise<void> {
  const { clientOptions, member, signal } = reading;
  await using client = new Client({ ...clientOptions, clientId: member });
  report({ kind: "joined", member });
  while (!signal.aborted) {
    const share = client.shareConsumer({
      groupId: member.slice(0, member.indexOf("/")),
      key: string,
      value: string,
      acknowledgement,
      fetchMaxWaitMs: 250,
    });
    share.onAcknowledged(({ partition, offsets, error }) => {
      if (error !== undefined) return;
      report({ kind: "accepted", member, partition, offsets: offsets.map(Number) });
    });
    try {
      share.subscribe(topics.orders);
      for await (const record of share.records({ signal })) {
        const { partition } = record;
        const value = String(record.value);
        report({ kind: "shared", member, value, partition, offset: Number(record.offset) });
        if (acknowledgement === "explicit") record.accept();
      }
    } catch (error) {
      report({ kind: "threw", member, what: "loop", error: wordsOf(error) });
    }
    await share.close();
  }
  report({ kind: "left", member });
}
