javac -d checked Work.java && test "$(java -cp checked Work 0)" = 88172645463325252
