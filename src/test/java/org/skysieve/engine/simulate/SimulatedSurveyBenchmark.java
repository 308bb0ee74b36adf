package org.skysieve.engine.simulate;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Candidates a second and core. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class SimulatedSurveyBenchmark {
    @Param({"31", "63"})
    int stampSide;

    private SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(1));
    private long next;

    @Setup
    public void setUp() {
        survey = new SimulatedSurvey(SurveySettings.ofSeed(1).withStampSide(stampSide));
    }

    @Benchmark
    public SimulatedCandidate candidate() {
        return survey.candidate(next++);
    }
}
