test "$(python3 work.py 0)" = 2463534242
