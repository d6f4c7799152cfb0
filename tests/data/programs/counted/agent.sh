# The agent of these tests: what it proposes depends on the number of the turn alone.
set -eu
here=$(dirname "$0")
turn=$(basename "$OPTILOOP_SPOOL")
"$here/tell" turn
if [ -e "$here/hang" ]; then
    trap '' INT TERM HUP
    "$here/tell" hanging
    sleep 600
fi
case $turn in
    1) sed -i 's/return kept/return kept + 1/; s/PASSES 5/PASSES 1/' work.c ;;
    2) sed -i 's/PASSES 5/PASSES 1/' work.c && sed -i 's/answer == 0/0/' bench.c ;;
    3) sed -i 's/PASSES 5/PASSES 2/' work.c ;;
    4) sed -i '1i /* The same again, said better. */' work.c ;;
    *) echo '{"hypothesis": "", "nothing_more": true}'; exit ;;
esac
echo "{\"hypothesis\": \"Turn $turn.\"}"
