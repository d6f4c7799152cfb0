package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTest {
    @Test
    void mixingGoesOn() {
        assertNotEquals(Work.mix(1), Work.mix(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "a<b>&\"c\""})
    void wordsAreLowered(String word) {
        assertEquals(word.toLowerCase(), Work.lower(word));
    }

    @Test
    @Disabled("waits for nothing")
    void skipped() {}

    @Nested
    class Inner {
        @Test
        void isFoundToo() {
            assertEquals("b", Work.lower("B"));
        }
    }
}
