#!/bin/sh
# METRIC lines of a script that times itself
for i in 1 2 3; do s=$(date +%s%N); i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; e=$(date +%s%N); echo "METRIC loop=$(( (e-s)/1000 )) us"; done; echo "METRIC rate=1.5 Mops/s"; echo done
