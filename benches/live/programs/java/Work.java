/** Steps of a generator, one depending on the other. */
public final class Work {
    static final int STEPS = 100000;

    static long work(long x) {
        for (int step = 0; step < STEPS; step++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }

    public static void main(String[] args) {
        long x = 88172645463325252L;
        for (long n = args.length > 0 ? Long.parseLong(args[0]) : 0; n > 0; n--) {
            x = work(x);
        }
        System.out.println(x);
    }
}
