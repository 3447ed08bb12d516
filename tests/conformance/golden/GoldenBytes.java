import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Writes messages with Apache Kafka's own classes, and reads ours back.
 *
 * Each line of the input is NAME, VERSION, JSON and our bytes in hex, with tabs between them. The
 * answer is a line: Kafka's bytes in hex, a tab, and "same" if our bytes are read as the same
 * message; or "error" and what happened.
 */
public final class GoldenBytes {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, String> CLASSES = new HashMap<>();

    public static void main(String[] args) throws Exception {
        indexClasses();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t", -1);
            try {
                out.println(answer(words[0], Short.parseShort(words[1]), words[2], words[3]));
            } catch (InvocationTargetException e) {
                out.println("error\t" + e.getCause());
            } catch (Exception e) {
                out.println("error\t" + e);
            }
        }
        out.flush();
    }

    /** Finds every generated message class on the class path by its simple name. */
    private static void indexClasses() throws Exception {
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!new File(path).getName().startsWith("kafka-")) continue;
            try (JarFile jar = new JarFile(path)) {
                jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.matches("org/apache/kafka/.*(/message|/metadata|/generated)/[A-Za-z]+\\.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .forEach(name -> CLASSES.putIfAbsent(name.substring(name.lastIndexOf('.') + 1), name));
            }
        }
    }

    private static String answer(String name, short version, String json, String ourHex) throws Exception {
        Class<?> type = Class.forName(CLASSES.getOrDefault(name + "Data", CLASSES.get(name)));
        Message message = fromJson(type, MAPPER.readTree(json), version);
        byte[] theirs = MessageUtil.byteBufferToArray(MessageUtil.toByteBufferAccessor(message, version).buffer());
        return HexFormat.of().formatHex(theirs) + "\t" + readBack(type, message, version, ourHex);
    }

    private static String readBack(Class<?> type, Message expected, short version, String ourHex) throws Exception {
        Message read = (Message) type.getDeclaredConstructor().newInstance();
        ByteBufferAccessor ours = new ByteBufferAccessor(ByteBuffer.wrap(HexFormat.of().parseHex(ourHex)));
        read.read(ours, version);
        if (ours.remaining() > 0) return ours.remaining() + " bytes are left";
        return read.equals(expected) ? "same" : "read as " + read;
    }

    private static Message fromJson(Class<?> type, JsonNode json, short version) throws Exception {
        try {
            Class<?> converter = Class.forName(type.getName() + "JsonConverter");
            return (Message) converter.getMethod("read", JsonNode.class, short.class).invoke(null, json, version);
        } catch (ClassNotFoundException e) {
            // Streams generates no converter for its one message.
            return (Message) structFrom(type, json);
        }
    }

    private static Object structFrom(Class<?> type, JsonNode json) throws Exception {
        Object struct = type.getDeclaredConstructor().newInstance();
        for (Method setter : type.getMethods()) {
            if (!setter.getName().startsWith("set") || setter.getParameterCount() != 1) continue;
            String field = setter.getName().substring(3, 4).toLowerCase() + setter.getName().substring(4);
            JsonNode value = json.get(field);
            if (value != null) setter.invoke(struct, valueFrom(setter.getGenericParameterTypes()[0], value));
        }
        return struct;
    }

    private static Object valueFrom(Type type, JsonNode value) throws Exception {
        if (value.isNull()) return null;
        if (type == int.class) return value.intValue();
        if (type == long.class) return value.longValue();
        if (type == short.class) return value.shortValue();
        if (type == byte.class) return (byte) value.intValue();
        if (type == String.class) return value.textValue();
        if (type == Uuid.class) return Uuid.fromString(value.textValue());
        if (type == byte[].class) return value.binaryValue();
        if (type instanceof ParameterizedType list) {
            List<Object> elements = new ArrayList<>();
            for (JsonNode element : value) elements.add(valueFrom(list.getActualTypeArguments()[0], element));
            return elements;
        }
        return structFrom((Class<?>) type, value);
    }
}
