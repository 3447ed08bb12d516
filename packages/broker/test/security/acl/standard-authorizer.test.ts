import assert from "node:assert/strict";
import { test } from "node:test";

import type { AclEntry } from "@millrace/metadata";
import { LoggerTree } from "@millrace/platform";
import { SimClock } from "@millrace/platform/sim";
import { uuidFromBytes } from "@millrace/protocol";

import type { AclOperation } from "../../../src/security/acl/acl-names.ts";
import { StandardAuthorizer } from "../../../src/security/acl/standard-authorizer.ts";
import { userPrincipal } from "../../../src/security/principal.ts";

const TOPIC = 2;
const LITERAL = 3;
const PREFIXED = 4;
const DENY = 2;
const ALLOW = 3;
const READ = 3;

interface Setup {
  readonly superUsers?: ReadonlySet<string>;
  readonly isOpenWithoutAcls?: boolean;
}

function world(entries: readonly Partial<AclEntry>[], setup: Setup = {}) {
  const lines: unknown[] = [];
  const counted: string[] = [];
  const tree = new LoggerTree({
    clock: new SimClock(),
    level: "info",
    write: ({ fields }) => lines.push(fields),
  });
  const acls = new Map(entries.map((entry, index) => [idOf(index), entryOf(entry, index)]));
  const image = { acls };
  const authorizer = new StandardAuthorizer({
    image: () => image,
    superUsers: setup.superUsers ?? new Set(),
    isOpenWithoutAcls: setup.isOpenWithoutAcls ?? false,
    logger: tree.root,
    countDenial: (apiName) => counted.push(apiName),
  });
  const requester = { principal: userPrincipal("alice"), remoteHost: "10.0.0.1" };
  const may = (operation: AclOperation, resourceName: string): boolean =>
    authorizer.authorize(requester, {
      operation,
      resourceType: "TOPIC",
      resourceName,
      apiName: "Fetch",
    });
  return { authorizer, requester, may, lines, counted, image };
}

function idOf(number: number) {
  return uuidFromBytes(Buffer.alloc(16, number + 1));
}

function entryOf(entry: Partial<AclEntry>, index: number): AclEntry {
  return {
    id: idOf(index),
    resourceType: TOPIC,
    resourceName: "orders",
    patternType: LITERAL,
    principal: "User:alice",
    host: "*",
    operation: READ,
    permissionType: ALLOW,
    ...entry,
  };
}

test("without an entry nothing is allowed, and each denial is logged and counted", () => {
  const { may, lines, counted } = world([]);
  assert.equal(may("READ", "orders"), false);
  assert.deepEqual(lines, [
    {
      principal: "User:alice",
      host: "10.0.0.1",
      request: "Fetch",
      operation: "READ",
      resourceType: "TOPIC",
      resourceName: "orders",
    },
  ]);
  assert.deepEqual(counted, ["Fetch"]);
});

test("allow.everyone.if.no.acl.found opens what no entry is about, and nothing else", () => {
  const { may } = world([{ principal: "User:bob" }], { isOpenWithoutAcls: true });
  assert.equal(may("WRITE", "payments"), true);
  assert.equal(may("READ", "orders"), false);
});

test("a super user may do everything, even what is denied", () => {
  const superUsers = new Set(["User:alice"]);
  const { may } = world([{ permissionType: DENY }], { superUsers });
  assert.equal(may("READ", "orders"), true);
});

test("names, prefixes and the wildcard apply; a denial outweighs them all", () => {
  const { may } = world([
    { resourceName: "or", patternType: PREFIXED },
    { resourceName: "*", operation: 4 },
    { resourceName: "orders-secret", permissionType: DENY },
  ]);
  assert.deepEqual(
    [may("READ", "orders"), may("READ", "oxen"), may("WRITE", "oxen")],
    [true, false, true],
  );
  assert.equal(may("READ", "orders-secret"), false);
  assert.equal(may("READ", "o"), false);
});

test("what may be read, written, deleted or altered may be described; denials imply nothing", () => {
  for (const operation of [3, 4, 6, 7]) {
    assert.equal(world([{ operation }]).may("DESCRIBE", "orders"), true, `${operation}`);
  }
  assert.equal(world([{ operation: 11 }]).may("DESCRIBE_CONFIGS", "orders"), true);
  assert.equal(world([{ operation: 11 }]).may("DESCRIBE", "orders"), false);
  const { may } = world([{ operation: 8 }, { permissionType: DENY }]);
  assert.deepEqual([may("DESCRIBE", "orders"), may("READ", "orders")], [true, false]);
  assert.equal(world([{ operation: 2 }]).may("ALTER_CONFIGS", "orders"), true);
});

test("an entry is for its principal or everybody, and for its host or every host", () => {
  assert.equal(world([{ principal: "User:*" }]).may("READ", "orders"), true);
  assert.equal(world([{ principal: "User:bob" }]).may("READ", "orders"), false);
  assert.equal(world([{ principal: "Group:alice" }]).may("READ", "orders"), false);
  assert.equal(world([{ host: "10.0.0.1" }]).may("READ", "orders"), true);
  assert.equal(world([{ host: "10.0.0.2" }]).may("READ", "orders"), false);
});

test("some resource of a type is allowed where one allowed name or prefix is not denied", () => {
  const some = (entries: readonly Partial<AclEntry>[]): boolean => {
    const { authorizer, requester } = world(entries);
    return authorizer.authorizeByResourceType(requester, "READ", "TOPIC");
  };
  const deny = { permissionType: DENY };
  assert.equal(some([]), false);
  assert.equal(some([{}]), true);
  assert.equal(some([{}, deny]), false);
  assert.equal(some([{}, { ...deny, resourceName: "*" }]), false);
  assert.equal(some([{}, { ...deny, resourceName: "ord", patternType: PREFIXED }]), false);
  assert.equal(some([{ resourceName: "o", patternType: PREFIXED }, deny]), true);
  assert.equal(some([{ resourceName: "*" }, deny]), true);
  assert.equal(some([{ operation: 4 }]), false);
});

test("new entries count from the next decision on", () => {
  const { may, image } = world([]);
  assert.equal(may("READ", "orders"), false);
  image.acls = new Map([[idOf(7), entryOf({}, 7)]]);
  assert.equal(may("READ", "orders"), true);
});

test("an entry for a host means its address, in whatever form", () => {
  const deny = { permissionType: DENY, resourceName: "orders", host: "2001:DB8:0:0:0:0:0:1" };
  const allow = { permissionType: ALLOW, resourceName: "orders", host: "*" };
  const { authorizer } = world([deny, allow]);
  const from = (remoteHost: string): boolean =>
    authorizer.authorize(
      { principal: userPrincipal("alice"), remoteHost },
      { operation: "READ", resourceType: "TOPIC", resourceName: "orders", apiName: "Fetch" },
    );
  assert.equal(from("2001:db8::1"), false);
  assert.equal(from("2001:db8::2"), true);
});
