package org.skysieve.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * Volunteers of a load test: each asks for a batch of candidates and answers them one by one, over connections that stay
 * open. One thread and one selector serve all of them, so that the crowd takes little of the processor that it shares
 * with the server.
 *
 * <p>A connection sends its next request when the answer to the last one has come (or when that is due, if requests are
 * paced), and passes from one of its people to the next with each batch.
 */
final class VotingCrowd implements AutoCloseable {
    private static final int BATCH = 10;
    private static final int BUFFER = 64 << 10;

    /** What a candidate is, as far as this crowd can tell. */
    interface Opinion {
        /** @return the key of an answer */
        String of(long candidateId);
    }

    /** One person; {@code answered} holds the candidates that they have answered, for finding repeats. */
    static final class Voter {
        final String token;
        final boolean veteran;
        final Set<Long> answered = new HashSet<>();

        Voter(String token, boolean veteran) {
            this.token = token;
            this.veteran = veteran;
        }
    }

    /** What came of a phase. */
    static final class Figures {
        final Latencies all = new Latencies();
        final Latencies nexts = new Latencies();
        final Latencies votes = new Latencies();
        final Latencies veteranNexts = new Latencies();
        final Latencies veteran = new Latencies();
        int emptyBatches;
        int failures;
        int repeats;
        String firstFailure = "";
        double seconds;
        double clientCpuSeconds;
    }

    private static final class Connection {
        final SocketChannel channel;
        final List<Voter> people;
        final ByteBuffer in = ByteBuffer.allocate(BUFFER);
        final Deque<long[]> toAnswer = new ArrayDeque<>();
        int person;
        boolean voting;
        long sentNanos;
        long dueNanos;
        ByteBuffer out = ByteBuffer.allocate(0);

        Connection(SocketChannel channel, List<Voter> people) {
            this.channel = channel;
            this.people = people;
        }

        Voter voter() {
            return people.get(person);
        }
    }

    private final Selector selector;
    private final String workflowId;
    private final Opinion opinion;
    private final List<Connection> connections = new ArrayList<>();

    /**
     * @param servers connections are dealt to them in turn
     * @param groups the people of each connection
     */
    VotingCrowd(List<InetSocketAddress> servers, String workflowId, List<List<Voter>> groups, Opinion opinion)
            throws IOException {
        this.selector = Selector.open();
        this.workflowId = workflowId;
        this.opinion = opinion;
        for (int i = 0; i < groups.size(); i++) {
            SocketChannel channel = SocketChannel.open(servers.get(i % servers.size()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel, groups.get(i));
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
    }

    /**
     * Lets everybody work for a while.
     *
     * @param requestsPerSecond of all together, each timed from when it was due; 0 for as many as there are answers
     */
    Figures run(double seconds, double requestsPerSecond) throws IOException {
        return run(seconds, requestsPerSecond, () -> false);
    }

    /** As {@link #run(double, double)}, but no longer than until {@code stop} says so. */
    Figures run(double seconds, double requestsPerSecond, BooleanSupplier stop) throws IOException {
        Figures figures = new Figures();
        long cpu = threadCpuNanos();
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        long gap = requestsPerSecond > 0 ? (long) (connections.size() * 1e9 / requestsPerSecond) : 0;
        PriorityQueue<Connection> waiting = new PriorityQueue<>((a, b) -> Long.compare(a.dueNanos, b.dueNanos));
        int open = connections.size();
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            connection.dueNanos = begin + gap * i / connections.size();
            waiting.add(connection);
        }
        while (open > 0) {
            long now = System.nanoTime();
            if (end > now && stop.getAsBoolean()) {
                end = now;
            }
            while (!waiting.isEmpty() && waiting.peek().dueNanos <= now) {
                Connection connection = waiting.remove();
                if (now >= end) {
                    open--;
                } else {
                    connection.sentNanos = gap > 0 ? connection.dueNanos : now;
                    send(connection);
                }
            }
            if (now >= end) {
                open -= waiting.size();
                waiting.clear();
            }
            if (open == 0) {
                break;
            }
            if (now > end + 30_000_000_000L) {
                throw new IOException(open + " requests have no answer 30 s after the end");
            }
            long wait = waiting.isEmpty() ? 100 : Math.min(100, (waiting.peek().dueNanos - now) / 1_000_000);
            if (wait <= 0) {
                selector.selectNow();
            } else {
                selector.select(wait);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (key.isWritable()) {
                    flush(connection);
                }
                if (key.isReadable() && read(connection, figures)) {
                    connection.dueNanos = gap > 0 ? connection.dueNanos + gap : System.nanoTime();
                    waiting.add(connection);
                }
            }
            selector.selectedKeys().clear();
        }
        figures.seconds = (System.nanoTime() - begin) / 1e9;
        figures.clientCpuSeconds = (threadCpuNanos() - cpu) / 1e9;
        return figures;
    }

    private static long threadCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void send(Connection connection) throws IOException {
        Voter voter = connection.voter();
        String path;
        String body;
        if (connection.toAnswer.isEmpty()) {
            connection.voting = false;
            path = "/api/v1/workflows/" + workflowId + "/assignments";
            body = "{\"count\":" + BATCH + "}";
        } else {
            connection.voting = true;
            long[] assignment = connection.toAnswer.getFirst();
            path = "/api/v1/classifications";
            ThreadLocalRandom random = ThreadLocalRandom.current();
            body = "{\"clientId\":\"" + new UUID(random.nextLong(), random.nextLong()) + "\",\"workflowId\":\""
                    + workflowId + "\",\"candidateId\":\"" + assignment[1] + "\",\"assignmentId\":\"" + assignment[0]
                    + "\",\"answer\":\"" + opinion.of(assignment[1]) + "\",\"elapsedMs\":1500}";
        }
        String request = "POST " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + voter.token
                + "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        connection.out = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
        flush(connection);
    }

    private void flush(Connection connection) throws IOException {
        connection.channel.write(connection.out);
        int interest =
                connection.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        SelectionKey key = connection.channel.keyFor(selector);
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Reads what has come; returns whether the answer is whole. */
    private boolean read(Connection connection, Figures figures) throws IOException {
        if (connection.channel.read(connection.in) < 0) {
            throw new IOException("the server closed a connection");
        }
        String text = new String(connection.in.array(), 0, connection.in.position(), StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return false;
        }
        int length = contentLength(text.substring(0, headEnd));
        if (text.length() < headEnd + 4 + length) {
            return false;
        }
        connection.in.clear();
        long nanos = System.nanoTime() - connection.sentNanos;
        int status = Integer.parseInt(text.substring(9, 12));
        answered(connection, figures, status, text.substring(headEnd + 4), nanos);
        return true;
    }

    private void answered(Connection connection, Figures figures, int status, String body, long nanos) {
        Voter voter = connection.voter();
        if (status / 100 != 2) {
            figures.failures++;
            if (figures.firstFailure.isEmpty()) {
                figures.firstFailure = status + " " + body;
            }
        }
        if (voter.veteran) {
            figures.veteran.add(nanos);
        } else {
            figures.all.add(nanos);
        }
        if (connection.voting) {
            if (!voter.veteran) {
                figures.votes.add(nanos);
            }
            long[] assignment = connection.toAnswer.removeFirst();
            if (status / 100 == 2) {
                voter.answered.add(assignment[1]);
            }
            if (connection.toAnswer.isEmpty()) {
                connection.person = (connection.person + 1) % connection.people.size();
            }
            return;
        }
        (voter.veteran ? figures.veteranNexts : figures.nexts).add(nanos);
        for (int at = body.indexOf("{\"id\":"); at >= 0; at = body.indexOf("{\"id\":", at + 1)) {
            long[] assignment = {number(body, "\"id\":\"", at), number(body, "\"candidateId\":\"", at)};
            connection.toAnswer.add(assignment);
            if (voter.answered.contains(assignment[1])) {
                figures.repeats++;
            }
        }
        if (connection.toAnswer.isEmpty()) {
            figures.emptyBatches++;
            connection.person = (connection.person + 1) % connection.people.size();
        }
    }

    private static long number(String body, String before, int from) {
        int start = body.indexOf(before, from) + before.length();
        return Long.parseLong(body.substring(start, body.indexOf('"', start)));
    }

    private static int contentLength(String head) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        if (at < 0) {
            if (lower.startsWith("http/1.1 204")) {
                return 0;
            }
            throw new IOException("an answer without its length: " + head);
        }
        int end = lower.indexOf("\r\n", at);
        String value = lower.substring(at + 15, end < 0 ? lower.length() : end);
        return Integer.parseInt(value.strip());
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
