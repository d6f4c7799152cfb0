test "$(node work.js 0)" = -1831433054
