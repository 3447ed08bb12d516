import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../../src/config/index.ts";
import { brokerConfigOf, type Settings } from "./given.ts";

function problemOf(settings: Settings): string {
  try {
    brokerConfigOf(settings);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.problems.length, 1, error.message);
    return error.problems[0]?.message ?? "";
  }
  return "";
}

test("an empty host is every address, and clients are told the machine's name", () => {
  const [listener] = brokerConfigOf({ listeners: "PLAINTEXT://:9092" }).listeners;
  assert.deepEqual([listener?.host, listener?.port], [undefined, 9092]);
  assert.deepEqual(listener?.advertised, { host: undefined, port: 9092 });
});

test("a listener without an advertised one advertises itself", () => {
  const [listener] = brokerConfigOf({ listeners: "PLAINTEXT://10.0.0.7:9092" }).listeners;
  assert.deepEqual(listener?.advertised, { host: "10.0.0.7", port: 9092 });
});

test("an IPv6 address stands in brackets", () => {
  const [listener] = brokerConfigOf({ listeners: "PLAINTEXT://[::1]:9092" }).listeners;
  assert.equal(listener?.host, "::1");
});

test("several named listeners each have their advertised address", () => {
  const { listeners, controllerListeners, interBrokerListenerName } = brokerConfigOf({
    listeners: "internal://:19092,EXTERNAL://:9092,CTL://:9093",
    "advertised.listeners": "INTERNAL://broker:19092,EXTERNAL://kafka.example.com:443",
    "listener.security.protocol.map": "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CTL:PLAINTEXT",
    "inter.broker.listener.name": "INTERNAL",
    "controller.listener.names": "CTL",
  });
  assert.deepEqual(
    listeners.map(({ name, advertised }) => `${name} ${advertised.host}:${advertised.port}`),
    ["INTERNAL broker:19092", "EXTERNAL kafka.example.com:443"],
  );
  assert.deepEqual(
    controllerListeners.map((each) => each.name),
    ["CTL"],
  );
  assert.equal(interBrokerListenerName, "INTERNAL");
});

test("a listener may have limits of its own", () => {
  const [listener] = brokerConfigOf({
    "listener.name.plaintext.max.connections": "7",
    "listener.name.plaintext.max.connection.creation.rate": "3",
  }).listeners;
  assert.deepEqual([listener?.maxConnections, listener?.maxConnectionCreationRate], [7, 3]);
  assert.match(
    problemOf({ "listener.name.plaintext.max.connections": "some" }),
    /expected a number of at least 0/,
  );
});

test("what is not a listener is told with an example", () => {
  const expected = "expected NAME://host:port, such as PLAINTEXT://localhost:9092";
  for (const text of ["localhost:9092", "PLAINTEXT://:", "PLAINTEXT://:70000", "://:9092"]) {
    const problem = problemOf({ listeners: `PLAINTEXT://:9092,${text}` });
    assert.equal(problem, `listeners has ${text}, which is not a listener; ${expected}`);
  }
});

test("a name or a port that is given twice is refused", () => {
  assert.match(
    problemOf({ listeners: "PLAINTEXT://:9092,plaintext://:9093" }),
    /names the listener PLAINTEXT twice/,
  );
  const map = { "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,B:PLAINTEXT" };
  assert.equal(
    problemOf({ ...map, listeners: "PLAINTEXT://:9092,B://:9092" }),
    "listeners gives port 9092 to PLAINTEXT and B; give each its own",
  );
  assert.equal(problemOf({ ...map, listeners: "PLAINTEXT://:0,B://:0" }), "");
  assert.equal(problemOf({ ...map, listeners: "PLAINTEXT://127.0.0.1:9,B://[::1]:9" }), "");
});

test("a listener that is not in the map is refused with the line to add", () => {
  assert.equal(
    problemOf({ listeners: "PLAINTEXT://:9092,B://:9093" }),
    "listeners has B, which listener.security.protocol.map does not; add B:PLAINTEXT to listener.security.protocol.map",
  );
});

test("a map that maps nothing, or one name twice, is refused", () => {
  const key = "listener.security.protocol.map";
  assert.match(problemOf({ [key]: "PLAINTEXT:PLAINTEXT,B" }), /B, which maps nothing; expected/);
  assert.match(problemOf({ [key]: "PLAINTEXT:PLAINTEXT,B:QUIC" }), /one of PLAINTEXT, SSL/);
  assert.match(problemOf({ [key]: "PLAINTEXT:PLAINTEXT,plaintext:SSL" }), /PLAINTEXT twice/);
});

test("TLS and SASL listeners need what they prove and ask, and are never served open", () => {
  const tls = problemOf({ listeners: "PLAINTEXT://:9092,SSL://:9093" });
  assert.match(tls, /^the listener SSL speaks TLS and has no certificate; set ssl\.keystore\.type/);
  const sasl = problemOf({ listeners: "PLAINTEXT://:9092,SASL_PLAINTEXT://:9093" });
  assert.match(sasl, /^the listener SASL_PLAINTEXT would offer GSSAPI \(Kerberos\), which is not/);
});

test("an address that no client can connect to is not advertised", () => {
  const advertised = problemOf({ "advertised.listeners": "PLAINTEXT://0.0.0.0:9092" });
  assert.match(advertised, /0\.0\.0\.0, which no client can connect to; give the name or address/);
  const bound = problemOf({ listeners: "PLAINTEXT://0.0.0.0:9092" });
  assert.match(bound, /add advertised\.listeners=PLAINTEXT:\/\/host:9092/);
});

test("an advertised listener has to be a listener", () => {
  const problem = problemOf({ "advertised.listeners": "PLAINTEXT://a:1,B://b:2" });
  assert.equal(
    problem,
    "advertised.listeners has B, which listeners does not; expected one of PLAINTEXT",
  );
});

test("a controller listener that is named has to be there", () => {
  const problem = problemOf({ "controller.listener.names": "CTL" });
  assert.match(problem, /controller\.listener\.names has CTL, which listeners does not/);
});

test("there has to be a listener for clients", () => {
  const settings = { listeners: "CONTROLLER://:9093", "controller.listener.names": "CONTROLLER" };
  assert.match(problemOf(settings), /has only controller listeners; expected at least one/);
});

test("without PLAINTEXT, the inter-broker listener has to be named", () => {
  const settings = {
    listeners: "A://:9092",
    "listener.security.protocol.map": "A:PLAINTEXT",
  };
  assert.match(
    problemOf(settings),
    /is not given and no listener is called PLAINTEXT; expected one of A/,
  );
  assert.equal(problemOf({ ...settings, "inter.broker.listener.name": "a" }), "");
  assert.match(problemOf({ ...settings, "inter.broker.listener.name": "B" }), /is B, which is no/);
  const both = {
    "inter.broker.listener.name": "PLAINTEXT",
    "security.inter.broker.protocol": "PLAINTEXT",
  };
  assert.match(problemOf(both), /exclude each other; give only one/);
});
