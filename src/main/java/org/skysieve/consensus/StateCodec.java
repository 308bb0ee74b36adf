package org.skysieve.consensus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.consensus.Brightness;
import org.skysieve.engine.consensus.ConsensusSettings;
import org.skysieve.engine.consensus.ConsensusSnapshot.CandidateState;
import org.skysieve.engine.consensus.RecentPosteriors;
import org.skysieve.engine.consensus.VoteTemperature;

/**
 * The bytes of the {@code state} columns: big-endian, a version first. Posteriors stand in columns of their own and are
 * not repeated.
 */
final class StateCodec {
    private static final int VERSION = 3;
    private static final int EVER_RETIRED = 1;
    private static final int EVALUATION = 2;
    private static final int HELD = 4;
    private static final int HAS_MODEL = 8;
    private static final int HAS_RECENT = 16;

    private StateCodec() {}

    /** What {@code consensus.state} holds. */
    record CandidateBytes(
            boolean everRetired, boolean evaluation, RecentPosteriors recent, Optional<CandidateState> held) {}

    /** What {@code consensus_cursor.state} holds. */
    record Progress(VoteTemperature voteTemperature, double modelTemperature, int sinceRefit, int rulesVersion) {
        /** Before the first entry. */
        static final Progress NONE =
                new Progress(new VoteTemperature(1, ConsensusSettings.EXPECTED_CORRELATION), 1, 0, 1);
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] write(Progress progress) {
        return bytes(out -> {
            out.writeDouble(progress.voteTemperature.lone());
            out.writeDouble(progress.voteTemperature.correlation());
            out.writeDouble(progress.modelTemperature);
            out.writeInt(progress.sinceRefit);
            out.writeInt(progress.rulesVersion);
        });
    }

    static Progress readProgress(byte[] bytes) {
        return read(
                bytes,
                in -> new Progress(
                        new VoteTemperature(in.readDouble(), in.readDouble()),
                        in.readDouble(),
                        in.readInt(),
                        in.readInt()));
    }

    static byte[] write(
            boolean everRetired, boolean evaluation, RecentPosteriors recent, Optional<CandidateState> held) {
        return bytes(out -> {
            double[] model = held.map(CandidateState::model).orElse(null);
            out.writeByte((everRetired ? EVER_RETIRED : 0)
                    | (evaluation ? EVALUATION : 0)
                    | (held.isPresent() ? HELD : 0)
                    | (model == null ? 0 : HAS_MODEL)
                    | (recent.posteriors().isEmpty() ? 0 : HAS_RECENT));
            write(out, recent);
            if (held.isEmpty()) {
                return;
            }
            CandidateState state = held.get();
            out.writeByte(state.brightness().ordinal());
            out.writeByte(state.gold());
            out.writeByte(state.contribution().length);
            out.writeInt(state.volunteers().length);
            for (int i = 0; i < state.volunteers().length; i++) {
                out.writeLong(state.volunteers()[i]);
                out.writeBoolean(state.guests()[i]);
                out.writeByte(state.answers()[i]);
            }
            for (long amount : state.contribution()) {
                out.writeLong(amount);
            }
            for (double term : state.terms()) {
                out.writeDouble(term);
            }
            if (model != null) {
                for (double p : model) {
                    out.writeDouble(p);
                }
            }
        });
    }

    private static void write(DataOutputStream out, RecentPosteriors recent) throws IOException {
        List<double[]> posteriors = recent.posteriors();
        if (!posteriors.isEmpty()) {
            out.writeByte(posteriors.size());
            out.writeByte(posteriors.get(0).length);
            for (double[] posterior : posteriors) {
                for (double p : posterior) {
                    out.writeDouble(p);
                }
            }
        }
    }

    private static RecentPosteriors readRecent(DataInputStream in) throws IOException {
        int count = in.readByte();
        int classes = in.readByte();
        List<double[]> posteriors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            posteriors.add(doubles(in, classes));
        }
        return new RecentPosteriors(posteriors);
    }

    static CandidateBytes read(long candidate, byte[] bytes, double[] crowd, double[] combined) {
        return read(bytes, in -> {
            int flags = in.readByte();
            boolean everRetired = (flags & EVER_RETIRED) != 0;
            boolean evaluation = (flags & EVALUATION) != 0;
            RecentPosteriors recent = (flags & HAS_RECENT) == 0 ? RecentPosteriors.NONE : readRecent(in);
            if ((flags & HELD) == 0) {
                return new CandidateBytes(everRetired, evaluation, recent, Optional.empty());
            }
            Brightness brightness = Brightness.values()[in.readByte()];
            int gold = in.readByte();
            int classes = in.readByte();
            int votes = in.readInt();
            long[] volunteers = new long[votes];
            boolean[] guests = new boolean[votes];
            int[] answers = new int[votes];
            for (int i = 0; i < votes; i++) {
                volunteers[i] = in.readLong();
                guests[i] = in.readBoolean();
                answers[i] = in.readByte();
            }
            long[] contribution = new long[classes];
            for (int t = 0; t < classes; t++) {
                contribution[t] = in.readLong();
            }
            double[] terms = doubles(in, (2 + votes) * classes);
            double @Nullable [] model = (flags & HAS_MODEL) == 0 ? null : doubles(in, classes);
            return new CandidateBytes(
                    everRetired,
                    evaluation,
                    recent,
                    Optional.of(new CandidateState(
                            candidate,
                            brightness,
                            volunteers,
                            guests,
                            answers,
                            model,
                            gold,
                            contribution,
                            terms,
                            crowd,
                            combined)));
        });
    }

    private static double[] doubles(DataInputStream in, int count) throws IOException {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("consensus state: got version " + version + ", need " + VERSION);
            }
            return reader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("consensus state: " + bytes.length + " bytes are too few", e);
        }
    }
}
