export { calm, type FaultCounts, FaultProxy } from "./proxy/fault-proxy.ts";
export { seededRandom } from "./seeded-random.ts";
export { goProgram } from "./go-program.ts";
