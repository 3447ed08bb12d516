export { type Broker, type BrokerOptions, startKafka, startMillrace } from "./broker.ts";
export { freePort } from "./free-port.ts";
export { javaCommand } from "./java.ts";
export { kcatValues } from "./kcat.ts";
export { lacking } from "./needs.ts";
export { builtFolder } from "./places.ts";
export { find, output, type ProgramResult, runProgram } from "./program.ts";
