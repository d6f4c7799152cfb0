package sample;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class WorkBenchmark {
    private long seed = 1;

    @Benchmark
    public long mix() {
        seed = Work.mix(seed);
        return seed;
    }

    @State(Scope.Thread)
    public static class Words {
        @Param({"Short", "A Longer Word"})
        public String word;
    }

    @Benchmark
    public String lower(Words words) {
        return Work.lower(words.word);
    }
}
