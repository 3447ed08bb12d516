import { NodeRandom } from "@millrace/platform/node";
import { testRandom } from "../contract/random-contract.ts";

testRandom("NodeRandom", () => new NodeRandom());
