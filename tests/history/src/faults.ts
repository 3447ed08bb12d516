export { calm, FaultProxy, type Weather } from "./proxy/fault-proxy.ts";
export { seededRandom } from "./seeded-random.ts";
export { goProgram } from "./go-program.ts";
