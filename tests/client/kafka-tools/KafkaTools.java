import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import org.apache.kafka.common.utils.Exit;

/**
 * Runs tools of Apache Kafka one after the other in one process. Each line of standard input is a
 * call: its class, what its standard input has, its arguments, each in base64, with blanks between.
 * Each line of the output is a result: the exit code, standard output, standard error.
 */
public class KafkaTools {
    private static final class Ended extends Error {
    }

    private static Integer exitCode;
    private static boolean isDone;
    private static final List<Runnable> hooks = new ArrayList<>();
    private static final PrintStream NOWHERE = new PrintStream(PrintStream.nullOutputStream());

    public static void main(String[] args) throws Exception {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        Exit.setExitProcedure((code, message) -> {
            if (exitCode == null) exitCode = code;
            // What a tool does when its end is not the process's would not be seen.
            System.setOut(NOWHERE);
            System.setErr(NOWHERE);
            throw new Ended();
        });
        Exit.setShutdownHookAdder((name, hook) -> {
            // It sends what still waits; a consumer's waits for an end that has been.
            if (name.equals("producer-shutdown-hook")) hooks.add(hook);
        });
        try {
            keepAlive();
        } catch (UnsupportedOperationException none) {
            // Java 18 and later; there only argparse4j's refusals cannot be compared.
        }
        PrintStream results = System.out;
        BufferedReader calls = new BufferedReader(new InputStreamReader(System.in));
        for (String line = calls.readLine(); line != null; line = calls.readLine()) {
            String[] words = Arrays.stream(line.split(" ", -1)).map(KafkaTools::decode).toArray(String[]::new);
            results.println(call(words[0], words[1], Arrays.copyOfRange(words, 2, words.length)));
            results.flush();
        }
        isDone = true;
        Runtime.getRuntime().halt(0);
    }

    /** What argparse4j does of itself: it ends the process and asks nobody. */
    @SuppressWarnings("removal")
    private static void keepAlive() {
        System.setSecurityManager(new SecurityManager() {
            @Override
            public void checkPermission(java.security.Permission permission) {
            }

            @Override
            public void checkPermission(java.security.Permission permission, Object context) {
            }

            @Override
            public void checkExit(int code) {
                if (isDone) return;
                if (exitCode == null) exitCode = code;
                System.setOut(NOWHERE);
                System.setErr(NOWHERE);
                throw new Ended();
            }
        });
    }

    private static String call(String name, String input, String[] arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(out, true));
        System.setErr(new PrintStream(err, true));
        exitCode = null;
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (java.lang.reflect.InvocationTargetException failed) {
            if (exitCode == null) {
                exitCode = 1;
                failed.getCause().printStackTrace(new PrintStream(err, true));
            }
        }
        hooks.forEach(Runnable::run);
        hooks.clear();
        int code = exitCode == null ? 0 : exitCode;
        return code + " " + encode(out.toByteArray()) + " " + encode(err.toByteArray());
    }

    private static String decode(String word) {
        return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
