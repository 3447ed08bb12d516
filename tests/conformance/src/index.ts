export { SaslConnection } from "../access/sasl-connection.ts";
export { Certificates } from "../security/certificates.ts";
export { TokenIssuer } from "../security/tokens.ts";
export {
  type Broker,
  type BrokerKind,
  type BrokerOptions,
  startKafka,
  startMillrace,
} from "./broker.ts";
export { freePort } from "./free-port.ts";
export { javaCommand, kafkaTool } from "./java.ts";
export { kcatValues } from "./kcat.ts";
export { lacking } from "./needs.ts";
export { builtFolder } from "./places.ts";
export { find, output, type ProgramResult, runProgram } from "./program.ts";
export { type ZooKeeperRelease, zooKeeperJars } from "./zookeeper-jars.ts";
