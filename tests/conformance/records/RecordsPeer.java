import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * Writes batches with Apache Kafka's own classes, and says what they read from a file of batches.
 *
 *   RecordsPeer write FOLDER      one file for each case
 *   RecordsPeer read FILE ...     one line for each file, batch and record
 *
 * The records of a case are those of `sampleRecords` in sample-records.ts.
 */
public class RecordsPeer {
    static final HexFormat HEX = HexFormat.of();

    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) write(Path.of(args[1]));
        else for (int i = 1; i < args.length; i++) read(Path.of(args[i]));
    }

    static void write(Path folder) throws Exception {
        Files.createDirectories(folder);
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            Compression compression = Compression.of(codec).build();
            save(folder, "v2-" + codec, plain((byte) 2, compression, 20));
            save(folder, "large-v2-" + codec, plain((byte) 2, compression, 4000));
            if (codec.equals("zstd")) continue;
            save(folder, "v0-" + codec, plain((byte) 0, compression, 20));
            save(folder, "v1-" + codec, plain((byte) 1, compression, 20));
        }
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        MemoryRecordsBuilder builder = MemoryRecords.builder(buffer, (byte) 2, Compression.NONE,
            TimestampType.CREATE_TIME, 100L, -1L, 4711L, (short) 3, 2147483640, true, 7);
        append(builder, (byte) 2, 100, 20);
        save(folder, "v2-transactional", builder.build());
        buffer = ByteBuffer.allocate(1 << 16);
        builder = MemoryRecords.builder(buffer, (byte) 2, Compression.NONE,
            TimestampType.LOG_APPEND_TIME, 5L, 1800000000000L);
        append(builder, (byte) 2, 5, 20);
        save(folder, "v2-log-append-time", builder.build());
        save(folder, "v2-commit", MemoryRecords.withEndTransactionMarker(55L, 1700000000000L, 9, 4711L,
            (short) 3, new EndTransactionMarker(ControlRecordType.COMMIT, 12)));
        save(folder, "v2-abort", MemoryRecords.withEndTransactionMarker(55L, 1700000000000L, 9, 4711L,
            (short) 3, new EndTransactionMarker(ControlRecordType.ABORT, 12)));
    }

    static MemoryRecords plain(byte magic, Compression compression, int count) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        MemoryRecordsBuilder builder = MemoryRecords.builder(buffer, magic, compression,
            TimestampType.CREATE_TIME, 0L);
        append(builder, magic, 0, count);
        return builder.build();
    }

    static void append(MemoryRecordsBuilder builder, byte magic, long baseOffset, int count) {
        for (int i = 0; i < count; i++) {
            byte[] key = i % 5 == 4 ? null : ("key-" + i).getBytes(StandardCharsets.UTF_8);
            byte[] value = i % 7 == 6 ? null : ("value-" + i + "-").repeat(i % 9 + 1).getBytes(StandardCharsets.UTF_8);
            List<Header> headers = new ArrayList<>();
            for (int j = 0; magic == 2 && j < i % 3; j++)
                headers.add(new RecordHeader("h\u00e9" + j, j == 1 ? null : ("x" + i).getBytes(StandardCharsets.UTF_8)));
            builder.appendWithOffset(baseOffset + i, 1700000000000L + i * 3L, key, value, headers.toArray(new Header[0]));
        }
    }

    static void save(Path folder, String name, MemoryRecords records) throws Exception {
        ByteBuffer buffer = records.buffer().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        Files.write(folder.resolve(name + ".bin"), bytes);
    }

    static void read(Path file) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        out.println("file " + file.getFileName());
        MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(Files.readAllBytes(file)));
        for (MutableRecordBatch batch : records.batches()) {
            batch.ensureValid();
            out.println("batch magic=" + batch.magic() + " base=" + batch.baseOffset() + " last=" + batch.lastOffset()
                + " epoch=" + batch.partitionLeaderEpoch() + " type=" + batch.timestampType() + " max=" + batch.maxTimestamp()
                + " producer=" + batch.producerId() + "/" + batch.producerEpoch() + "/" + batch.baseSequence() + "-" + batch.lastSequence()
                + " codec=" + batch.compressionType().name + " txn=" + batch.isTransactional() + " control=" + batch.isControlBatch()
                + " horizon=" + (batch.deleteHorizonMs().isPresent() ? batch.deleteHorizonMs().getAsLong() : -1));
            for (Record record : batch) {
                StringBuilder line = new StringBuilder("record " + record.offset() + " " + record.timestamp()
                    + " " + hex(record.key()) + " " + hex(record.value()));
                for (Header header : record.headers())
                    line.append(" ").append(header.key()).append("=")
                        .append(header.value() == null ? "null" : HEX.formatHex(header.value()));
                out.println(line);
            }
        }
        out.flush();
    }

    static String hex(ByteBuffer bytes) {
        if (bytes == null) return "null";
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return "'" + HEX.formatHex(copy) + "'";
    }
}
