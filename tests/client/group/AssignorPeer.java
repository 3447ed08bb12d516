import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes rebalances as Apache Kafka's own assignors decide them: each line is the members'
 * subscriptions as bytes, the topics with the racks of their replicas, and who gets what. Groups
 * live on from line to line: members come and go, topics grow, some claim what is another's.
 *
 * Arguments: a seed, and how many groups.
 */
public final class AssignorPeer {
  private static final String[] RACKS = {"r1", "r2", "r3"};
  private static final int STEPS = 4;
  private final Random random;
  private final Map<String, List<List<String>>> topics = new TreeMap<>();
  private final List<Member> members = new ArrayList<>();
  private boolean equalSubscriptions;
  private boolean racks;
  private boolean oldMembers;
  private int nextMember;

  private static final class Member {
    String id;
    String instance;
    String rack;
    List<String> topics = new ArrayList<>();
    List<TopicPartition> owned = new ArrayList<>();
    int generation = -1;
    short version = 3;
  }

  private AssignorPeer(Random random) {
    this.random = random;
  }

  public static void main(String[] words) throws Exception {
    Random random = new Random(Long.parseLong(words[0]));
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder out = new StringBuilder();
    String[] names = {"range", "roundrobin", "sticky", "cooperative-sticky"};
    for (int group = 0; group < Integer.parseInt(words[1]); group++) {
      AssignorPeer peer = new AssignorPeer(random);
      for (Object line : peer.live(names[group % names.length])) {
        out.append(mapper.writeValueAsString(line)).append('\n');
      }
    }
    System.out.print(out);
    System.out.flush();
  }

  private List<Map<String, Object>> live(String assignor) {
    equalSubscriptions = random.nextInt(3) > 0;
    racks = random.nextInt(3) == 0;
    oldMembers = random.nextInt(4) == 0;
    int topicCount = 1 + random.nextInt(4);
    for (int topic = 0; topic < topicCount; topic++) grow("topic-" + topic, 1 + random.nextInt(9));
    int memberCount = 1 + random.nextInt(random.nextInt(5) == 0 ? 20 : 6);
    for (int member = 0; member < memberCount; member++) join();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int generation = 1; generation <= STEPS; generation++) {
      lines.add(rebalance(assignor, generation));
      change();
    }
    return lines;
  }

  private void grow(String topic, int count) {
    List<List<String>> partitions = topics.computeIfAbsent(topic, name -> new ArrayList<>());
    for (int partition = 0; partition < count; partition++) {
      List<String> replicas = new ArrayList<>();
      for (String rack : RACKS) if (racks && random.nextInt(2) == 0) replicas.add(rack);
      partitions.add(replicas);
    }
  }

  private void join() {
    Member member = new Member();
    member.id = "member-" + Integer.toString(random.nextInt(1 << 20), 36) + "-" + nextMember++;
    if (random.nextInt(4) == 0) member.instance = "instance-" + random.nextInt(1000);
    if (racks && random.nextInt(4) > 0) member.rack = RACKS[random.nextInt(RACKS.length)];
    member.topics.addAll(subscription());
    if (oldMembers) member.version = (short) random.nextInt(4);
    members.add(member);
  }

  private List<String> subscription() {
    List<String> all = new ArrayList<>(topics.keySet());
    if (equalSubscriptions) return all;
    List<String> some = new ArrayList<>();
    for (String topic : all) if (random.nextInt(3) > 0) some.add(topic);
    if (some.isEmpty()) some.add(all.get(random.nextInt(all.size())));
    if (random.nextInt(6) == 0) some.add("topic-that-is-not");
    return some;
  }

  private void change() {
    for (int times = random.nextInt(3); times >= 0; times--) {
      switch (random.nextInt(6)) {
        case 0, 1 -> join();
        case 2 -> {
          if (members.size() > 1) members.remove(random.nextInt(members.size()));
        }
        case 3 -> grow("topic-" + random.nextInt(topics.size()), 1 + random.nextInt(3));
        case 4 -> {
          Member member = members.get(random.nextInt(members.size()));
          if (!equalSubscriptions) member.topics = subscription();
        }
        default -> claim();
      }
    }
    if (equalSubscriptions) for (Member member : members) member.topics = subscription();
    if (random.nextInt(3) == 0) Collections.shuffle(members, random);
  }

  /** A member that slept claims what it had long ago, or what another has in the same generation. */
  private void claim() {
    Member member = members.get(random.nextInt(members.size()));
    Member other = members.get(random.nextInt(members.size()));
    for (TopicPartition partition : other.owned) {
      if (random.nextBoolean() && !member.owned.contains(partition)) member.owned.add(partition);
    }
    if (random.nextBoolean()) member.generation = Math.max(0, member.generation - 1);
  }

  private Map<String, Object> rebalance(String name, int generation) {
    AbstractPartitionAssignor assignor = assignor(name);
    Map<String, Subscription> subscriptions = new HashMap<>();
    List<Object> described = new ArrayList<>();
    for (Member member : members) {
      ByteBuffer bytes = ConsumerProtocol.serializeSubscription(subscriptionOf(name, member), member.version);
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      Subscription read = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(copy));
      read.setGroupInstanceId(Optional.ofNullable(member.instance));
      subscriptions.put(member.id, read);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("memberId", member.id);
      if (member.instance != null) line.put("instance", member.instance);
      line.put("subscription", HexFormat.of().formatHex(copy));
      described.add(line);
    }
    Map<String, List<TopicPartition>> result = assignor.assignPartitions(partitionInfos(), subscriptions);
    Map<String, List<String>> answer = new TreeMap<>();
    for (Member member : members) {
      List<TopicPartition> assigned = result.getOrDefault(member.id, List.of());
      member.owned = new ArrayList<>(assigned);
      member.generation = generation;
      answer.put(member.id, assigned.stream().map(TopicPartition::toString).sorted().toList());
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("assignor", name);
    line.put("topics", deepCopy());
    line.put("members", described);
    line.put("answer", answer);
    return line;
  }

  private Map<String, List<List<String>>> deepCopy() {
    Map<String, List<List<String>>> copy = new TreeMap<>();
    topics.forEach((topic, partitions) -> copy.put(topic, new ArrayList<>(partitions)));
    return copy;
  }

  private static AbstractPartitionAssignor assignor(String name) {
    return switch (name) {
      case "range" -> new RangeAssignor();
      case "roundrobin" -> new RoundRobinAssignor();
      case "sticky" -> new StickyAssignor();
      default -> new CooperativeStickyAssignor();
    };
  }

  private static Subscription subscriptionOf(String name, Member member) {
    ConsumerGroupMetadata metadata =
        new ConsumerGroupMetadata("group", member.generation, member.id, Optional.empty());
    Assignment assignment = new Assignment(member.owned);
    ByteBuffer userData = null;
    if (name.equals("sticky")) {
      StickyAssignor sticky = new StickyAssignor();
      if (member.generation >= 0) sticky.onAssignment(assignment, metadata);
      userData = sticky.subscriptionUserData(Set.of());
    } else if (name.equals("cooperative-sticky")) {
      CooperativeStickyAssignor sticky = new CooperativeStickyAssignor();
      if (member.generation >= 0) sticky.onAssignment(assignment, metadata);
      userData = sticky.subscriptionUserData(Set.of());
    }
    List<TopicPartition> owned = name.equals("cooperative-sticky") ? member.owned : List.of();
    return new Subscription(
        member.topics, userData, owned, member.generation, Optional.ofNullable(member.rack));
  }

  private Map<String, List<PartitionInfo>> partitionInfos() {
    Map<String, List<PartitionInfo>> infos = new HashMap<>();
    topics.forEach((topic, partitions) -> {
      List<PartitionInfo> list = new ArrayList<>();
      for (int partition = 0; partition < partitions.size(); partition++) {
        Node[] replicas = partitions.get(partition).stream()
            .map(rack -> new Node(rack.hashCode(), rack, 9092, rack))
            .toArray(Node[]::new);
        list.add(new PartitionInfo(topic, partition, Node.noNode(), replicas, replicas));
      }
      infos.put(topic, list);
    });
    return infos;
  }
}
