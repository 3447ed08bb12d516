import net from "node:net";
import { AlterClientQuotas, IncrementalAlterConfigs, AlterConfigs, encodeRequest, decodeResponse, errorName } from "@millrace/protocol";
const port = Number(process.argv[2]);
function call(api: any, version: number, body: any): Promise<any> {
  return new Promise((resolve, reject) => {
    const s = net.connect(port, "127.0.0.1"); s.setTimeout(20000, () => { s.destroy(); reject(new Error("timeout")); });
    const chunks: Buffer[] = [];
    s.on("data", (b) => { chunks.push(b); const all = Buffer.concat(chunks); if (all.length >= 4 && all.length >= 4 + all.readInt32BE(0)) { s.destroy(); resolve(decodeResponse(api, version, all.subarray(4))); } });
    s.on("error", reject); s.on("close", () => reject(new Error("closed")));
    const parts = encodeRequest(api, version, { correlationId: 1, clientId: "x", body });
    const all = Buffer.concat(parts as any); s.write(all);
  });
}
const tally = (names: string[]) => JSON.stringify(Object.entries(Object.groupBy(names, (n) => n)).map(([k, v]) => [k, v!.length]));
for (const n of [10_000, 10_001]) {
  try { const r = await call(AlterClientQuotas, 1, { entries: Array.from({ length: n }, (_, i) => ({ entity: [{ entityType: "user", entityName: `u${n}-${i}` }], ops: [{ key: "producer_byte_rate", value: 1000, remove: false }] })), validateOnly: false });
    const e = r.body ?? r; console.log("quotas", n, tally(e.entries.map((x: any) => `${errorName(x.errorCode)}: ${x.errorMessage}`))); } catch (e) { console.log("quotas", n, String(e)); }
  try { const r = await call(IncrementalAlterConfigs, 1, { resources: Array.from({ length: n }, (_, i) => ({ resourceType: 16, resourceName: `m${n}-${i}`, configs: [{ name: "interval.ms", configOperation: 0, value: "1000" }] })), validateOnly: false });
    const e = r.body ?? r; console.log("configs", n, tally(e.responses.map((x: any) => `${errorName(x.errorCode)}: ${x.errorMessage}`))); } catch (e) { console.log("configs", n, String(e)); }
  try { const r = await call(AlterConfigs, 2, { resources: Array.from({ length: n }, (_, i) => ({ resourceType: 16, resourceName: `l${n}-${i}`, configs: [{ name: "interval.ms", value: "1000" }] })), validateOnly: false });
    const e = r.body ?? r; console.log("alter", n, tally(e.responses.map((x: any) => `${errorName(x.errorCode)}: ${x.errorMessage}`))); } catch (e) { console.log("alter", n, String(e)); }
}
