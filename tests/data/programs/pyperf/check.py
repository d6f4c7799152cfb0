from generator import work

assert work(0) == 0
