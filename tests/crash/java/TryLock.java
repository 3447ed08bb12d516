import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes the lock of a data directory as Apache Kafka does, says so, and holds it until its input ends. */
public class TryLock {
  public static void main(String[] args) throws IOException {
    FileChannel channel =
        FileChannel.open(
            Path.of(args[0]),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    System.out.println(lock == null ? "refused" : "locked");
    if (lock != null) System.in.read();
  }
}
