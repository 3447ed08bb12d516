import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileSystem, IoError } from "@millrace/platform";

/** What the suite needs of an implementation. */
export interface FileSystemCandidate {
  readonly name: string;
  /** Gives a file system and an empty directory in it. */
  readonly create: () => { readonly fileSystem: FileSystem; readonly directory: string };
  /** Lets what waits for the disk happen; nothing where that is by itself. */
  readonly settle: <Result>(pending: Promise<Result>) => Promise<Result>;
}

/** What every FileSystem does. */
export function testFileSystem(candidate: FileSystemCandidate): void {
  testContents(candidate);
  testNames(candidate);
  testDurability(candidate);
}

function testContents(candidate: FileSystemCandidate): void {
  const { name, create, settle } = candidate;

  test(`${name}: bytes written in many chunks are read back whole`, async () => {
    const { fileSystem, directory } = create();
    const file = fileSystem.open(`${directory}/a`, "create");
    const chunks = Array.from({ length: 2500 }, (_, index) => Buffer.from([index & 0xff, 1, 2]));
    file.writeSync([Buffer.from("head")], 0);
    file.writeSync(chunks, 4);
    assert.equal(file.sizeBytes(), 7504);
    const whole = Buffer.concat([Buffer.from("head"), ...chunks]);
    const into = Buffer.alloc(8000);
    assert.equal(file.readSync(into, 0), 7504);
    assert.deepEqual(into.subarray(0, 7504), whole);
    assert.equal(await settle(file.read(into, 7500)), 4);
    assert.deepEqual(into.subarray(0, 4), whole.subarray(7500));
    assert.deepEqual(fileSystem.readFile(`${directory}/a`), whole);
    file.close();
  });

  test(`${name}: reading at or behind the end gives 0`, async () => {
    const { fileSystem, directory } = create();
    const file = fileSystem.open(`${directory}/a`, "createNew");
    file.writeSync([Buffer.from("abc")], 0);
    assert.equal(file.readSync(Buffer.alloc(1), 3), 0);
    assert.equal(file.readSync(Buffer.alloc(1), 30), 0);
    assert.equal(await settle(file.read(Buffer.alloc(1), 3)), 0);
    file.close();
  });

  test(`${name}: a gap and a grown file read as zeros, also after a cut`, () => {
    const { fileSystem, directory } = create();
    const file = fileSystem.open(`${directory}/a`, "create");
    file.writeSync([Buffer.alloc(40_000, 7)], 0);
    file.truncate(17_000);
    file.truncate(33_000);
    file.writeSync([Buffer.from([9])], 50_000);
    const bytes = fileSystem.readFile(`${directory}/a`);
    assert.equal(bytes.length, 50_001);
    assert.ok(bytes.subarray(0, 17_000).every((byte) => byte === 7));
    assert.ok(bytes.subarray(17_000, 50_000).every((byte) => byte === 0));
    assert.equal(bytes[50_000], 9);
    file.close();
  });

  test(`${name}: modes say whether a file must or must not exist`, () => {
    const { fileSystem, directory } = create();
    const path = `${directory}/a`;
    assert.throws(() => fileSystem.open(path, "read"), isIoError("ENOENT", path));
    assert.throws(() => fileSystem.open(path, "readWrite"), isIoError("ENOENT", path));
    fileSystem.open(path, "createNew").close();
    assert.throws(() => fileSystem.open(path, "createNew"), isIoError("EEXIST", path));
    const file = fileSystem.open(path, "create");
    file.writeSync([Buffer.from("kept")], 0);
    file.close();
    fileSystem.open(path, "create").close();
    assert.equal(fileSystem.readFile(path).toString(), "kept");
    assert.throws(() => fileSystem.open(`${directory}/no/a`, "create"), isIoError("ENOENT"));
  });
}

function testNames(candidate: FileSystemCandidate): void {
  const { name, create } = candidate;

  test(`${name}: a path tells what it is`, () => {
    const { fileSystem, directory } = create();
    fileSystem.makeDirectory(`${directory}/sub/deep`);
    fileSystem.makeDirectory(`${directory}/sub/deep`);
    fileSystem.open(`${directory}/file`, "create").close();
    assert.equal(fileSystem.stat(`${directory}/absent`), undefined);
    assert.equal(fileSystem.stat(`${directory}/sub`)?.kind, "directory");
    const stat = fileSystem.stat(`${directory}/file`);
    assert.equal(stat?.kind, "file");
    assert.equal(stat?.sizeBytes, 0);
    assert.ok((stat?.modifiedMs ?? 0) > 1_500_000_000_000);
    assert.equal(fileSystem.exists(`${directory}/sub/deep`), true);
    assert.equal(fileSystem.exists(`${directory}/sub/no`), false);
    assert.deepEqual(fileSystem.readDirectory(directory), [
      { name: "file", kind: "file" },
      { name: "sub", kind: "directory" },
    ]);
    assert.throws(() => fileSystem.readDirectory(`${directory}/absent`), isIoError("ENOENT"));
  });

  test(`${name}: a rename replaces a file and moves a directory with what it holds`, () => {
    const { fileSystem, directory } = create();
    writeFile(fileSystem, `${directory}/new`, "new");
    writeFile(fileSystem, `${directory}/old`, "old");
    fileSystem.rename(`${directory}/new`, `${directory}/old`);
    assert.equal(fileSystem.readFile(`${directory}/old`).toString(), "new");
    assert.equal(fileSystem.exists(`${directory}/new`), false);
    fileSystem.makeDirectory(`${directory}/d`);
    writeFile(fileSystem, `${directory}/d/x`, "x");
    fileSystem.rename(`${directory}/d`, `${directory}/e`);
    assert.equal(fileSystem.readFile(`${directory}/e/x`).toString(), "x");
    assert.throws(
      () => fileSystem.rename(`${directory}/absent`, `${directory}/y`),
      isIoError("ENOENT"),
    );
  });

  test(`${name}: removing is no error when there is nothing`, () => {
    const { fileSystem, directory } = create();
    fileSystem.makeDirectory(`${directory}/d/e`);
    writeFile(fileSystem, `${directory}/d/e/x`, "x");
    fileSystem.removeFile(`${directory}/d/e/x`);
    fileSystem.removeFile(`${directory}/d/e/x`);
    assert.equal(fileSystem.exists(`${directory}/d/e/x`), false);
    fileSystem.removeDirectory(`${directory}/d`);
    fileSystem.removeDirectory(`${directory}/d`);
    assert.equal(fileSystem.exists(`${directory}/d`), false);
  });

  test(`${name}: a removed file stays readable where it is open`, () => {
    const { fileSystem, directory } = create();
    const file = fileSystem.open(`${directory}/a`, "create");
    file.writeSync([Buffer.from("abc")], 0);
    fileSystem.removeFile(`${directory}/a`);
    const into = Buffer.alloc(3);
    assert.equal(file.readSync(into, 0), 3);
    assert.equal(into.toString(), "abc");
    file.close();
  });
}

function testDurability(candidate: FileSystemCandidate): void {
  const { name, create, settle } = candidate;

  test(`${name}: files and directories can be made durable`, async () => {
    const { fileSystem, directory } = create();
    const files = Array.from({ length: 20 }, (_, index) => {
      const file = fileSystem.open(`${directory}/${index}`, "create");
      file.writeSync([Buffer.from("x")], 0);
      return file;
    });
    await settle(Promise.all(files.map((file) => file.sync())));
    for (const file of files) file.syncNow();
    fileSystem.syncDirectory(directory);
    for (const file of files) file.close();
    assert.throws(() => fileSystem.syncDirectory(`${directory}/absent`), isIoError("ENOENT"));
    await settle(fileSystem.syncDirectoryLater(directory));
    assert.throws(() => fileSystem.syncDirectoryLater(`${directory}/absent`), isIoError("ENOENT"));
    assert.ok(fileSystem.freeBytes(directory) > 0);
    assert.ok(fileSystem.totalBytes(directory) >= fileSystem.freeBytes(directory));
  });

  test(`${name}: large files and directories are removed without holding up the loop`, async () => {
    const { fileSystem, directory } = create();
    fileSystem.makeDirectory(`${directory}/d/e`);
    for (const path of ["large", "d/large", "d/e/small"]) {
      const file = fileSystem.open(`${directory}/${path}`, "create");
      file.writeSync([Buffer.from("x")], path.endsWith("large") ? 20 * 1024 * 1024 : 0);
      file.close();
    }
    await settle(fileSystem.removeFileLater(`${directory}/large`));
    await settle(fileSystem.removeDirectoryLater(`${directory}/d`));
    assert.deepEqual(fileSystem.readDirectory(directory), []);
    await settle(fileSystem.removeFileLater(`${directory}/large`));
    await settle(fileSystem.removeDirectoryLater(`${directory}/d`));
  });

  test(`${name}: a file that is closed while it syncs finishes the sync`, async () => {
    const { fileSystem, directory } = create();
    const file = fileSystem.open(`${directory}/a`, "create");
    file.writeSync([Buffer.from("x")], 0);
    const synced = file.sync();
    file.close();
    file.close();
    await settle(synced);
    assert.throws(() => file.sizeBytes(), /is closed/);
  });

  test(`${name}: a lock is held once and can be taken again after its release`, () => {
    const { fileSystem, directory } = create();
    const lock = fileSystem.tryLock(`${directory}/.lock`);
    assert.ok(lock);
    assert.equal(fileSystem.tryLock(`${directory}/.lock`), undefined);
    lock.release();
    lock.release();
    const again = fileSystem.tryLock(`${directory}/.lock`);
    assert.ok(again);
    again.release();
    assert.equal(fileSystem.stat(`${directory}/.lock`)?.sizeBytes, 0);
    assert.deepEqual(fileSystem.readDirectory(directory), [{ name: ".lock", kind: "file" }]);
    assert.throws(() => fileSystem.tryLock(`${directory}/no/.lock`), isIoError("ENOENT"));
  });
}

function writeFile(fileSystem: FileSystem, path: string, text: string): void {
  const file = fileSystem.open(path, "create");
  file.writeSync([Buffer.from(text)], 0);
  file.close();
}

/** Matches an IoError by its system code and, where given, its path. */
function isIoError(systemCode: string, path?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof IoError, String(error));
    assert.equal(error.systemCode, systemCode);
    if (path !== undefined) assert.equal(error.path, path);
    return true;
  };
}
