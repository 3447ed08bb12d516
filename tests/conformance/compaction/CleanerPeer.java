import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/**
 * Compacts logs with Apache Kafka's own Cleaner.
 *
 *   CleanerPeer ROUNDS    a file with a line for each: FOLDER FIRST_DIRTY_OFFSET END_OFFSET NOW_MS
 *
 * Prints for each the offset up to which it was cleaned. Other settings are those of
 * compaction.test.ts.
 */
public class CleanerPeer {
    public static void main(String[] args) throws Exception {
        KafkaScheduler scheduler = new KafkaScheduler(1);
        scheduler.startup();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] words = line.split(" ");
            System.out.println(clean(scheduler, new File(words[0]), Long.parseLong(words[1]),
                Long.parseLong(words[2]), Long.parseLong(words[3])));
        }
        scheduler.shutdown();
    }

    static long clean(KafkaScheduler scheduler, File folder, long firstDirty, long end, long nowMs) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("internal.segment.bytes", 1500);
        settings.put("segment.index.bytes", 800);
        settings.put("index.interval.bytes", 150);
        settings.put("cleanup.policy", "compact");
        settings.put("delete.retention.ms", 10000);
        settings.put("file.delete.delay.ms", 0);
        Time time = timeAt(nowMs);
        UnifiedLog log = UnifiedLog.create(folder, new LogConfig(settings), 0L, Long.MAX_VALUE, scheduler,
            new BrokerTopicStats(), time, 900000, new ProducerStateManagerConfig(86400000, false), 600000,
            new LogDirFailureChannel(1), true, Optional.empty());
        log.updateHighWatermark(log.logEndOffset());
        Cleaner cleaner = new Cleaner(0, new SkimpyOffsetMap(1 << 20), 1 << 20, 1 << 20, 0.9,
            new Throttler(Double.MAX_VALUE, 300, "cleaner", "bytes", Time.SYSTEM), Time.SYSTEM, partition -> { });
        long cleanedTo = cleaner.doClean(new LogToClean(log, firstDirty, end, false), nowMs).getKey();
        log.close();
        return cleanedTo;
    }

    /** Producers are forgotten by the clock, which must be that of the log's writer. */
    static Time timeAt(long nowMs) {
        return (Time) Proxy.newProxyInstance(Time.class.getClassLoader(), new Class<?>[] {Time.class},
            (proxy, method, given) -> method.getName().equals("milliseconds") ? nowMs : method.invoke(Time.SYSTEM, given));
    }
}
