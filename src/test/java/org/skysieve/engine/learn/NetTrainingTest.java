package org.skysieve.engine.learn;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

/** Training in a process of its own: what it learns, and that nothing it suffers reaches this process. */
class NetTrainingTest {
    private static final List<String> CLASSES = List.of("real", "bogus");
    private static final NetOptions SHORT = new NetOptions(6, 16, 2e-3, 0, .1, .2, 1);

    /** Kept between runs: libtorch is unpacked there. */
    private static final Path CACHE = Path.of("target", "net-cache");

    private static final NetProcess PROCESS =
            new NetProcess(CACHE, 1536L << 20, Duration.ofMinutes(5), Duration.ofMinutes(5));

    @BeforeAll
    static void onlyWhereThereIsALibtorch() {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("libtorch is packed for Linux on x86-64 alone")
                .isEqualTo("Linux amd64");
    }

    @Test
    void itLearnsToTellStarsFromDipolesAndServesWhatWasTrained() {
        NetJob job = job(SHORT, 240);

        NetJob.Result result = PROCESS.run(job, share -> {});

        int right = 0;
        for (int i = 0; i < job.samples().size(); i++) {
            boolean real = job.samples().get(i).sample().target()[0] == 1;
            right += real == result.outOfFold()[2 * i] > .5 ? 1 : 0;
        }
        assertThat(right).isGreaterThan(220);
        // What PyTorch says is what ONNX Runtime says.
        CutoutNet net = CutoutNetTest.net(result.weights(), .1, .2);
        assertThat(result.checked()).hasSize(2 * NetJob.CHECKED);
        for (int i = 0; i < NetJob.CHECKED; i++) {
            assertThat(net.raw(job.samples().get(i))[0]).isCloseTo(result.checked()[2 * i], within(1e-5));
        }
    }

    @Test
    void theSameSeedGivesTheSameNetAndAnotherSeedAnother() {
        CutoutNet one = pretrain(SHORT.withEpochs(1));
        CutoutNet two = pretrain(SHORT.withEpochs(1));
        CutoutNet other = pretrain(new NetOptions(1, 16, 2e-3, 0, .1, .2, 2));

        assertThat(two.save()).isEqualTo(one.save());
        assertThat(other.save()).isNotEqualTo(one.save());
    }

    @Test
    void fineTuningPredictsEachLabelWithoutItsObjectAndLeavesTheStartAsItWas() {
        CutoutNet start = pretrain(SHORT.withEpochs(2));
        byte[] before = start.save();
        List<NetSample> labels =
                LongStream.range(5000, 5060).mapToObj(CutoutNetTest::sample).toList();
        List<Double> shares = new ArrayList<>();

        CutoutNetTrainer.Trained trained = new CutoutNetTrainer(CLASSES, SHORT.withEpochs(2), PROCESS)
                .fineTune(start, labels, 3, "made up", "test", Instant.EPOCH, shares::add);

        assertThat(start.save()).isEqualTo(before);
        assertThat(trained.predicted().probabilities()).hasSize(120).doesNotContain(Double.NaN);
        assertThat(trained.net().provenance().sourceCounts()).containsEntry("gold", 60);
        assertThat(shares).isSorted().hasSize(8).last().isEqualTo(1.);
        assertThat(trained.net().save()).isNotEqualTo(before);
    }

    @Test
    void aKilledWorkerIsAFailureThatTheNextOneDoesNotFeel() throws IOException {
        CutoutNet champion = pretrain(SHORT.withEpochs(1));
        double before = champion.score(CutoutNetTest.sample(1)).probabilities()[0];
        NetJob endless = job(SHORT.withEpochs(1000), 240);
        AtomicReference<ProcessHandle> worker = new AtomicReference<>();

        assertThatThrownBy(() -> PROCESS.run(
                        endless,
                        // In the middle of it.
                        share -> worker.get().destroyForcibly(),
                        worker::set))
                .isInstanceOfSatisfying(
                        TrainingFailed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(TrainingFailed.Reason.ENDED));

        assertThat(worker.get().isAlive()).isFalse();
        assertThat(champion.score(CutoutNetTest.sample(1)).probabilities()[0]).isEqualTo(before);
        try (Stream<Path> left = Files.list(CACHE)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("training-")))
                    .isEmpty();
        }
        assertThat(pretrain(SHORT.withEpochs(1)).save()).isEqualTo(champion.save());
    }

    @Test
    void aWorkerThatTakesTooMuchMemoryIsStopped() {
        NetProcess narrow = new NetProcess(CACHE, 60L << 20, Duration.ofMinutes(5), Duration.ofMinutes(5));
        AtomicReference<ProcessHandle> worker = new AtomicReference<>();

        assertThatThrownBy(() -> narrow.run(job(SHORT.withEpochs(1000), 40), share -> {}, worker::set))
                .isInstanceOfSatisfying(TrainingFailed.class, failed -> {
                    assertThat(failed.reason()).isEqualTo(TrainingFailed.Reason.OUT_OF_MEMORY);
                    assertThat(failed).hasMessageContaining("may take 60");
                });
        assertThat(worker.get().isAlive()).isFalse();
    }

    @Test
    void aWorkerThatTakesTooLongIsStopped() {
        NetProcess hasty = new NetProcess(CACHE, 1536L << 20, Duration.ofSeconds(1), Duration.ofMinutes(5));

        assertThatThrownBy(() -> hasty.run(job(SHORT.withEpochs(1000), 40), share -> {}))
                .isInstanceOfSatisfying(
                        TrainingFailed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(TrainingFailed.Reason.OUT_OF_TIME));
    }

    @Test
    void aTrainingThatRunsAwayIsAFailureWithItsReason() {
        NetJob wild = job(new NetOptions(50, 16, 1, 0, 0, 0, 1), 64);
        wild.start().valuesInternal("dense.weight")[0] = Float.MAX_VALUE;
        wild.start().valuesInternal("answer.weight")[0] = Float.MAX_VALUE;

        assertThatThrownBy(() -> PROCESS.run(wild, share -> {}))
                .isInstanceOf(TrainingFailed.class)
                .hasMessageContaining("training ran away");
    }

    @Test
    void oneAtATime(@TempDir Path folder) throws IOException {
        NetProcess impatient = new NetProcess(folder, 1536L << 20, Duration.ofMinutes(5), Duration.ZERO);
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("training.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();

            assertThatThrownBy(() -> impatient.run(job(SHORT, 40), share -> {}))
                    .isInstanceOfSatisfying(
                            TrainingFailed.class,
                            failed -> assertThat(failed.reason()).isEqualTo(TrainingFailed.Reason.BUSY));
        }
    }

    @Test
    void theWorkerEndsWithItsParent(@TempDir Path folder) throws Exception {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(folder.resolve(NetWorker.JOB))))) {
            job(SHORT.withEpochs(1000), 64).write(out);
        }
        Process worker = new ProcessBuilder(PROCESS.command(job(SHORT, 64), folder))
                .redirectError(folder.resolve("errors").toFile())
                .start();
        try {
            assertThat(worker.inputReader().readLine()).contains("epoch 1");

            // What the system does when the parent dies, in whatever way.
            worker.getOutputStream().close();

            assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue()).isEqualTo(NetWorker.ORPHANED);
        } finally {
            worker.destroyForcibly();
        }
    }

    private static CutoutNet pretrain(NetOptions options) {
        return new CutoutNetTrainer(CLASSES, options, PROCESS)
                .pretrain(
                        LongStream.range(0, 96).mapToObj(CutoutNetTest::sample).toList(),
                        "made up",
                        "test",
                        Instant.EPOCH,
                        share -> {});
    }

    private static NetJob job(NetOptions options, int count) {
        List<NetSample> samples =
                LongStream.range(0, count).mapToObj(CutoutNetTest::sample).toList();
        int[] fold = new int[count];
        for (int i = 0; i < count; i++) {
            fold[i] = i % 2;
        }
        NetWeights start = NetWeights.random(
                new NetShape(4, 8, 8, CutoutFeatures.count(), 16, 2),
                samples.stream().map(one -> one.sample().features()).toList(),
                1);
        return new NetJob(start, options, samples, fold, 2, true);
    }
}
